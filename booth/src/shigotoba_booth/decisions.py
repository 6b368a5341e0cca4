"""What a press of the booth's button means (design section 4, point 4).

No booking: a walk-in until the default length or the next booking. A booking that waits for its person: check-in. In
use: end on the leave side; on the enter side what the office has agreed on, extend unless it says otherwise. Somebody
else's: refused, with the time it stays so.

Responsible for the decision and for what the holds are after it. Refuses to know what a button is made of, except for
the names of a rocker's four positions.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shigotoba_booth.holds import Hold, Policy, SecondPress, stands


class Side(enum.Enum):
    """Which way the person at the door is going."""

    ENTER = "enter"
    LEAVE = "leave"


ROCKER_SIDES: Final = {"AI": Side.ENTER, "BI": Side.ENTER, "AO": Side.LEAVE, "BO": Side.LEAVE}
"""Positions of an EnOcean rocker (profile F6-02-04): the I half enters, the O half leaves."""

BUTTON_SIDES: Final = {**ROCKER_SIDES, "press": Side.ENTER, "double": Side.LEAVE, "long": Side.LEAVE}
"""Every label of a ``button`` reading that is a press at a booth. A button without halves enters when it is pressed
once, and leaves when it is pressed twice or held down."""


@dataclass(frozen=True, slots=True)
class WalkIn:
    """The booth was free and is now taken."""

    start: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The person of a booking has come, perhaps a little early: the use begins at ``at`` or at the hold's start."""

    hold: Hold
    at: datetime


@dataclass(frozen=True, slots=True)
class Extend:
    """The use goes on until ``until``: the old end when neither the next booking nor the office allows more."""

    hold: Hold
    until: datetime


@dataclass(frozen=True, slots=True)
class End:
    """The use is over; the rest is free."""

    hold: Hold
    at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody else has the booth, or is about to; it is not free before ``until``."""

    until: datetime


@dataclass(frozen=True, slots=True)
class NotInUse:
    """Somebody left a booth that nobody was in."""


Decision = WalkIn | CheckIn | Extend | End | Refused | NotInUse


def decide_press(
    side: Side, at: datetime, holds: Sequence[Hold], policy: Policy, person: str | None = None
) -> Decision:
    """What a press means.

    Args:
        side: Which half was pressed.
        at: When.
        holds: Of this booth, not overlapping, in any order; past ones do no harm.
        policy: The rules in force.
        person: Who pressed; None when the button cannot tell, and then a press at a waiting booking is its check-in.
    """
    standing = sorted((hold for hold in holds if stands(hold, at, policy)), key=lambda hold: hold.start)
    current = next((hold for hold in standing if hold.start <= at), None)
    following = next((hold for hold in standing if hold.start > at), None)
    if current is None:
        return NotInUse() if side is Side.LEAVE else _enter_free(at, following, policy, person)
    if _is_anothers(current, person):
        return Refused(current.end)
    if not current.checked_in:
        return NotInUse() if side is Side.LEAVE else CheckIn(current, at)
    return End(current, at) if side is Side.LEAVE else _press_again(current, at, following, policy)


def _enter_free(at: datetime, following: Hold | None, policy: Policy, person: str | None) -> Decision:
    if following is None:
        return WalkIn(at, at + policy.default_walk_in)
    if at >= following.start - policy.early_check_in and not _is_anothers(following, person):
        return CheckIn(following, at)
    if following.start - at < policy.shortest_walk_in:
        return Refused(following.end)
    return WalkIn(at, min(at + policy.default_walk_in, following.start))


def _press_again(current: Hold, at: datetime, following: Hold | None, policy: Policy) -> Extend | End:
    match policy.second_press:
        case SecondPress.EXTEND:
            return _extend(current, at, following, policy)
        case SecondPress.END:
            return End(current, at)
        case SecondPress.NOTHING:
            return Extend(current, current.end)


def _extend(current: Hold, at: datetime, following: Hold | None, policy: Policy) -> Extend:
    wanted = at + policy.default_walk_in
    allowed = wanted if following is None else min(wanted, following.start)
    return Extend(current, max(current.end, allowed))


def _is_anothers(hold: Hold, person: str | None) -> bool:
    return person is not None and hold.person is not None and hold.person != person


def after(decision: Decision, holds: Sequence[Hold]) -> tuple[Hold, ...]:
    """The holds once ``decision`` has been carried out. A use that ended where it began has not been one."""
    match decision:
        case WalkIn(start, until):
            return (*holds, Hold(start, until, checked_in=True))
        case CheckIn(hold, at):
            return _replaced(holds, hold, replace(hold, start=min(hold.start, at), checked_in=True))
        case Extend(hold, until):
            return _replaced(holds, hold, replace(hold, end=until))
        case End(hold, at):
            return _replaced(holds, hold, replace(hold, end=at) if at > hold.start else None)
        case Refused() | NotInUse():
            return tuple(holds)


def _replaced(holds: Sequence[Hold], old: Hold, new: Hold | None) -> tuple[Hold, ...]:
    others = tuple(hold for hold in holds if hold != old)
    return others if new is None else (*others, new)
