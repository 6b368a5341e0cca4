"""What an office says about its booths, for its site administrators; every change is in the audit log.

Responsible for HTTP. Refuses to check what is said (see ``bookings.policies``).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from shigotoba_backend.accounts.audit import Deed, record
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Access, Db, allowed, allowed_everywhere
from shigotoba_backend.api.routes.booking_forms import Code, Day, MayBook
from shigotoba_backend.bookings.policies import (
    PolicySaid,
    Scope,
    drop_organisation_policy,
    drop_policy,
    policies_of,
    policies_of_organisation,
    set_organisation_policy,
    set_policy,
)

router = APIRouter(prefix="/sites/{site}/booking-policies", tags=["policies"])
organisation_router = APIRouter(prefix="/booking-policies", tags=["policies"])

MayManageSite = Annotated[Access, Depends(allowed(Action.MANAGE_SITE))]
MayManageAll = Annotated[Access, Depends(allowed_everywhere(Action.MANAGE_SITE))]
PolicyId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Value = bool | int | float | None


class WantedRules(BaseModel):
    """Rules for some days; see docs/bookings.md for their names."""

    first: Day | None = Field(default=None, description="From which day; always before, if left out")
    beyond: Day | None = Field(default=None, description="Up to, not including, which day; for ever, if left out")
    rules: dict[Annotated[str, Field(max_length=50)], Value]


class WantedPolicy(WantedRules):
    """Rules for the site, or for one zone or booth of it."""

    zone: Code | None = None
    booth: Code | None = None


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
    scope = Scope(access.site, wanted.zone, wanted.booth)
    with conn.transaction():
        policy_id = set_policy(conn, scope, (wanted.first, wanted.beyond), wanted.rules)
        told = Deed("policy.set", f"policy:{policy_id}", access.site, after=wanted.model_dump(mode="json"))
        record(conn, access.actor, told)
    return PolicyMade(policy_id=policy_id)


@router.delete("/{policy_id}", status_code=204)
def take_back(conn: Db, access: MayManageSite, policy_id: PolicyId) -> None:
    """Takes it back."""
    with conn.transaction():
        before = drop_policy(conn, access.site, policy_id)
        record(conn, access.actor, Deed("policy.drop", f"policy:{policy_id}", access.site, before=before))


@organisation_router.get("")
def look_at_all(conn: Db, access: MayManageAll) -> list[PolicySaid]:
    """What is said for every site of the organisation."""
    return policies_of_organisation(conn, access.person.organisation)


@organisation_router.post("", status_code=201)
def say_for_all(conn: Db, access: MayManageAll, wanted: WantedRules) -> PolicyMade:
    """Says something for every site for some days; what a site, a zone or a booth says itself is nearer and wins."""
    organisation = access.person.organisation
    with conn.transaction():
        policy_id = set_organisation_policy(conn, organisation, (wanted.first, wanted.beyond), wanted.rules)
        told = Deed("policy.set", f"policy:{policy_id}", after=wanted.model_dump(mode="json"))
        record(conn, access.actor, told)
    return PolicyMade(policy_id=policy_id)


@organisation_router.delete("/{policy_id}", status_code=204)
def take_back_for_all(conn: Db, access: MayManageAll, policy_id: PolicyId) -> None:
    """Takes it back."""
    with conn.transaction():
        before = drop_organisation_policy(conn, access.person.organisation, policy_id)
        record(conn, access.actor, Deed("policy.drop", f"policy:{policy_id}", before=before))
