"""What a press of the booth's button means (design section 4, point 4).

No booking: a walk-in until the default length, the pause before the next booking, or closing. A booking that waits for
its person: check-in. In use: end on the leave side; on the enter side what the office has agreed on, extend unless it
says otherwise. Somebody else's, or closed: refused, with the time it stays so.

Responsible for the decision and for what the holds are after it. Refuses to know what a button is made of, except for
the names of a rocker's four positions.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from shigotoba_booth.holds import Hold, Policy, SecondPress, stands
from shigotoba_booth.hours import Closed, closed_until, closes_at

SAME_COMING: Final = timedelta(seconds=10)
"""Who comes is seen by a sensor, tells the phone and presses, in any order; whoever wants more time takes longer."""


class Side(enum.Enum):
    """Which way the person at the door is going."""

    ENTER = "enter"
    LEAVE = "leave"


ROCKER_SIDES: Final = {"AI": Side.ENTER, "BI": Side.ENTER, "AO": Side.LEAVE, "BO": Side.LEAVE}
"""Positions of an EnOcean rocker (profile F6-02-04): the I half enters, the O half leaves."""

_MOMENT: Final = timedelta(microseconds=1)

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
    """The use goes on until ``until``, which is later than its end."""

    hold: Hold
    until: datetime


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The use goes on to its end: the office, the next booking, closing or the longest allow no more."""

    hold: Hold


@dataclass(frozen=True, slots=True)
class End:
    """The use is over; the rest is free."""

    hold: Hold
    at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody else has the booth, or is about to, or it is closed; it is not free before ``until``."""

    until: datetime


@dataclass(frozen=True, slots=True)
class NotInUse:
    """Somebody left a booth that nobody was in."""


Decision = WalkIn | CheckIn | Extend | Unchanged | End | Refused | NotInUse


def decide_press(
    side: Side,
    at: datetime,
    holds: Sequence[Hold],
    policy: Policy,
    person: str | None = None,
    closed: Sequence[Closed] = (),
) -> Decision:
    """What a press means.

    Args:
        side: Which half was pressed.
        at: When.
        holds: Of this booth, not overlapping, in any order; past ones do no harm.
        policy: The rules in force.
        person: Who pressed; None when the button cannot tell, and then a press at a waiting booking is its check-in.
        closed: When the booth is closed, as far as that is known. Leaving is always possible.
    """
    standing = sorted((hold for hold in holds if stands(hold, at, policy)), key=lambda hold: hold.start)
    current = next((hold for hold in standing if hold.start <= at), None)
    following = next((hold for hold in standing if hold.start > at), None)
    if current is None:
        return NotInUse() if side is Side.LEAVE else _enter_free(at, following, policy, person, closed)
    if _is_anothers(current, person):
        return Refused(current.end)
    if side is Side.LEAVE:
        return End(current, at) if current.checked_in else NotInUse()
    opens = closed_until(at, closed)
    if opens is not None:
        return Refused(opens)
    if not current.checked_in:
        return CheckIn(current, at)
    return _press_again(current, at, _reach(current.start, at, following, policy, closes_at(at, closed)), policy)


def _enter_free(
    at: datetime, following: Hold | None, policy: Policy, person: str | None, closed: Sequence[Closed]
) -> Decision:
    opens = closed_until(at, closed)
    if following is not None and _may_come_to(following, at, policy, person) and (opens or at) <= following.start:
        return CheckIn(following, at)
    if opens is not None:
        return Refused(opens)
    if following is not None and following.start - policy.pause - at < max(policy.shortest_walk_in, _MOMENT):
        return Refused(following.end)
    return WalkIn(at, _reach(at, at, following, policy, closes_at(at, closed)))


def _press_again(current: Hold, at: datetime, reach: datetime, policy: Policy) -> CheckIn | Extend | Unchanged | End:
    if current.came_at is not None and at < current.came_at + SAME_COMING:
        return CheckIn(current, at)
    if policy.second_press is SecondPress.END:
        return End(current, at)
    if policy.second_press is SecondPress.NOTHING or reach <= current.end:
        return Unchanged(current)
    return Extend(current, reach)


def _reach(start: datetime, at: datetime, following: Hold | None, policy: Policy, closes: datetime | None) -> datetime:
    """How far a press at ``at`` may make a use that began at ``start`` last."""
    limits = [at + policy.default_walk_in]
    if following is not None:
        limits.append(following.start - policy.pause)
    if policy.longest is not None:
        limits.append(start + policy.longest)
    if closes is not None:
        limits.append(closes)
    return min(limits)


def _may_come_to(following: Hold, at: datetime, policy: Policy, person: str | None) -> bool:
    return at >= following.start - policy.early_check_in and not _is_anothers(following, person)


def _is_anothers(hold: Hold, person: str | None) -> bool:
    return person is not None and hold.person is not None and hold.person != person


def after(decision: Decision, holds: Sequence[Hold]) -> tuple[Hold, ...]:
    """The holds once ``decision`` has been carried out. A use that ended where it began has not been one."""
    match decision:
        case WalkIn(start, until):
            return (*holds, Hold(start, until, checked_in=True, came_at=start))
        case CheckIn(hold, at):
            came_at = hold.came_at or at
            return _replaced(holds, hold, replace(hold, start=min(hold.start, at), checked_in=True, came_at=came_at))
        case Extend(hold, until):
            return _replaced(holds, hold, replace(hold, end=until))
        case End(hold, at):
            return _replaced(holds, hold, replace(hold, end=at) if at > hold.start else None)
        case Unchanged() | Refused() | NotInUse():
            return tuple(holds)


def _replaced(holds: Sequence[Hold], old: Hold, new: Hold | None) -> tuple[Hold, ...]:
    others = tuple(hold for hold in holds if hold != old)
    return others if new is None else (*others, new)
