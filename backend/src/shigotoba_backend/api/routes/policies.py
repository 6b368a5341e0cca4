"""What an office says about its booths, for its site administrators; every change is in the audit log.

Responsible for HTTP. Refuses to check what is said (see ``bookings.policies``).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from shigotoba_backend.accounts.audit import Deed, record
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Access, Db, allowed
from shigotoba_backend.api.routes.booking_forms import Code, Day, MayBook
from shigotoba_backend.bookings.policies import PolicySaid, Scope, drop_policy, policies_of, set_policy

router = APIRouter(prefix="/sites/{site}/booking-policies", tags=["policies"])

MayManageSite = Annotated[Access, Depends(allowed(Action.MANAGE_SITE))]
Value = bool | int | float | None


class WantedPolicy(BaseModel):
    """Rules for the site, or for one zone or booth of it; see docs/bookings.md for their names."""

    zone: Code | None = None
    booth: Code | None = None
    first: Day | None = Field(default=None, description="From which day; always before, if left out")
    beyond: Day | None = Field(default=None, description="Up to, not including, which day; for ever, if left out")
    rules: dict[Annotated[str, Field(max_length=50)], Value]


class PolicyMade(BaseModel):
    """The new policy."""

    policy_id: int


@router.get("")
def look(conn: Db, access: MayBook) -> list[PolicySaid]:
    """Every policy that matters here, from the organisation down."""
    return policies_of(conn, access.site)


@router.post("", status_code=201)
def say(conn: Db, access: MayManageSite, wanted: WantedPolicy) -> PolicyMade:
    """Says something for some days. To change it, take back the former one first."""
    scope = Scope(access.site, True, wanted.zone, wanted.booth)
    with conn.transaction():
        policy_id = set_policy(conn, scope, (wanted.first, wanted.beyond), wanted.rules)
        told = Deed("policy.set", f"policy:{policy_id}", access.site, after=wanted.model_dump(mode="json"))
        record(conn, access.actor, told)
    return PolicyMade(policy_id=policy_id)


@router.delete("/{policy_id}", status_code=204)
def take_back(conn: Db, access: MayManageSite, policy_id: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> None:
    """Takes it back."""
    with conn.transaction():
        before = drop_policy(conn, access.site, policy_id)
        record(conn, access.actor, Deed("policy.drop", f"policy:{policy_id}", access.site, before=before))
