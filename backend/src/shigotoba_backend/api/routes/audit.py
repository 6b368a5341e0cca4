"""The audit log, for auditors."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from shigotoba_backend.accounts.audit import Sought, entries
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Db, Signed
from shigotoba_backend.api.problems import ProblemError

router = APIRouter(prefix="/audit", tags=["audit"])


class Line(BaseModel):
    """One entry; people by number."""

    audit_id: int
    at: datetime
    actor_id: int | None
    actor_kind: str
    action: str
    object: str
    site: str | None
    before: dict[str, object] | None
    after: dict[str, object] | None
    reason: str
    request_id: str


@router.get("")
def read(
    conn: Db,
    person: Signed,
    before_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    most: Annotated[int, Query(ge=1, le=500)] = 50,
) -> list[Line]:
    """Entries of the sites whose log the person may read, newest first."""
    sites = person.sites_with(Action.READ_AUDIT)
    whole = person.may(Action.READ_AUDIT, None)
    if not sites and not whole:
        raise ProblemError(403, "not_permitted", {"action": Action.READ_AUDIT.value})
    found = entries(conn, Sought(sites, whole, before_id, most))
    return [Line(**{name: getattr(each, name) for name in Line.model_fields}) for each in found]
