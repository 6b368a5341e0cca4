"""Who has a booth when, and under which rules.

Responsible for the two values every decision starts from, and for the one rule that needs no press: a booking nobody
checked in to lapses. Refuses to store or to number anything.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Hold:
    """A booking or a use of one booth. The holds of a booth do not overlap; touching ones do not conflict.

    Attributes:
        start: When it begins.
        end: When it is over; the instant itself is free again.
        person: Whose it is; None for a walk-in at the button, which has no identity.
        checked_in: Whether somebody has come: a booking in use, or a walk-in.
        made_at: When it was booked; None for well before its start.
        came_at: When somebody came, where that is known.
    """

    start: datetime
    end: datetime
    person: str | None = None
    checked_in: bool = False
    made_at: datetime | None = None
    came_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuses an empty or reversed hold: it would be in nobody's way and in everybody's.

        Raises:
            ValueError: The end is not after the start.
        """
        if self.end <= self.start:
            raise ValueError(f"A hold ends after it starts, but this one starts {self.start} and ends {self.end}.")


class SecondPress(enum.Enum):
    """What a further press on the enter side means while a booth is in use."""

    EXTEND = "extend"
    END = "end"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Policy:
    """What an office has agreed on for its booths.

    Attributes:
        default_walk_in: How long a press without booking gives, and how far from its moment a further press extends.
        shortest_walk_in: A gap before the next booking that is shorter than this is not given away.
        early_check_in: How long before its start a booking can be checked in to.
        grace: How long a booking waits for its person.
        second_press: What a further press on the enter side does to a use.
        pause: What is left free before the next booking.
        longest: A use is at most this long, extensions included; None for no such rule.
    """

    default_walk_in: timedelta = timedelta(minutes=60)
    shortest_walk_in: timedelta = timedelta(minutes=5)
    early_check_in: timedelta = timedelta(minutes=5)
    grace: timedelta = timedelta(minutes=10)
    second_press: SecondPress = SecondPress.EXTEND
    pause: timedelta = timedelta(0)
    longest: timedelta | None = None


def lapses_at(hold: Hold, policy: Policy) -> datetime | None:
    """When the rest of the hold is free for others because nobody came; None when somebody did.

    A booking made later than its start, or shortly before, has its full grace from when it was made.
    """
    if hold.checked_in:
        return None
    waits_from = hold.start if hold.made_at is None else max(hold.start, hold.made_at)
    return min(waits_from + policy.grace, hold.end)


def stands(hold: Hold, at: datetime, policy: Policy) -> bool:
    """Whether the hold still bars others at ``at`` or later: it is neither over nor lapsed."""
    lapses = lapses_at(hold, policy)
    return at < (hold.end if lapses is None else lapses)


def settled(holds: Sequence[Hold], at: datetime, policy: Policy) -> tuple[Hold, ...]:
    """The same holds, with those that have lapsed by ``at`` cut to the time they were kept free for their person."""
    cut = (_cut_if_lapsed(hold, at, policy) for hold in holds)
    return tuple(hold for hold in cut if hold is not None)


def _cut_if_lapsed(hold: Hold, at: datetime, policy: Policy) -> Hold | None:
    lapses = lapses_at(hold, policy)
    if lapses is None or at < lapses:
        return hold
    return replace(hold, end=lapses) if lapses > hold.start else None
