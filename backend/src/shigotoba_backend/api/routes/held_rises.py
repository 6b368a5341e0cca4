"""Rises of printers' counters that wait for a person, over HTTP: what they would add, and the decision.

Whoever brings figures decides, and sees every rise of the site, also where a printer's figures are too few to be shown.
Responsible for HTTP. Refuses to decide (see ``arranging.rises``).
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Access, Db, Now, allowed
from shigotoba_backend.arranging.rises import CAUSES, Decision, HeldRise, Verdict, decide_rise, held_rises

router = APIRouter(prefix="/sites/{site}/held-rises", tags=["figures"])

MayDecide = Annotated[Access, Depends(allowed(Action.IMPORT_FIGURES))]
HoldId = Annotated[int, Path(ge=1, le=2**53 - 1)]


class RiseShown(BaseModel):
    """A held rise; ``version`` goes back with a decision as ``seen_version``."""

    hold_id: int
    device: str
    counter: str
    from_at: datetime
    to_at: datetime
    from_value: int
    to_value: int
    rise: int = Field(description="What would be counted, in the hour of to_at")
    cause: str
    cause_in_words: str
    decision: Decision | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    version: int


class WantedDecision(BaseModel):
    """What is decided, why, and about what that was seen."""

    decision: Decision
    reason: str = Field(min_length=1, max_length=500, description="What was seen at the printer")
    seen_version: int = Field(ge=0, description="The version that was seen; another is refused, 409")


@router.get("")
def waiting(
    conn: Db, access: MayDecide, *, decided: Annotated[bool, Query(description="Also those decided")] = False
) -> list[RiseShown]:
    """The rises that are not counted, newest first."""
    return [_shown(each) for each in held_rises(conn, access.site, waiting_only=not decided)]


@router.post("/{hold_id}/decision")
def decide(conn: Db, access: MayDecide, now: Now, hold_id: HoldId, wanted: WantedDecision) -> RiseShown:
    """Counts a rise after all, or leaves it out for good; another decision may follow."""
    verdict = Verdict(wanted.decision, wanted.reason, seen_version=wanted.seen_version)
    return _shown(decide_rise(conn, access.site, hold_id, verdict, access.actor, now))


def _shown(rise: HeldRise) -> RiseShown:
    return RiseShown.model_validate({**asdict(rise), "cause_in_words": CAUSES[rise.cause]})
