"""How long and how far ahead a booth may be had, and what becomes of a use that is made longer or shorter.

Responsible for spans of time alone. Refuses calendars, quotas and other people's bookings, except for when the next
one begins.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an office allows.

    Attributes:
        shortest: A booking is at least this long.
        longest: And at most this long, extensions included.
        ahead: It begins at most this long from now.
    """

    shortest: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=4)
    ahead: timedelta = timedelta(days=28)


class Objection(enum.Enum):
    """Why a span cannot be booked."""

    BAD_RANGE = "bad_range"
    PAST = "past"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_FAR_AHEAD = "too_far_ahead"


def objection(start: datetime, end: datetime, at: datetime, limits: Limits) -> Objection | None:
    """What stands against booking [start, end) at ``at``; None for nothing.

    A booking may be made after its start, if what is left of it is long enough. One that begins within a minute and
    ends on a full one may be the rest of that minute longer than the longest.
    """
    if end <= start:
        return Objection.BAD_RANGE
    if end <= at:
        return Objection.PAST
    if end - max(start, at) < limits.shortest:
        return Objection.TOO_SHORT
    if end - start >= limits.longest + _MINUTE:
        return Objection.TOO_LONG
    return Objection.TOO_FAR_AHEAD if start - at > limits.ahead else None


def longest_end(start: datetime, end: datetime, free_until: datetime | None, limits: Limits) -> datetime:
    """How far a use of [start, end) can be extended: to its longest, or to where the booth is no longer free.

    It is never before ``end``: an extension takes nothing away.
    """
    reach = start + limits.longest
    return max(end, reach if free_until is None else min(reach, free_until))
