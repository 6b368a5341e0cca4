"""What has become of the bookings that people were promised while everything broke.

Responsible for the questions about bookings. Refuses to ask about readings (see ``verdict``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from shigotoba_testing.faults.bookers import PURPOSE, Bookers, Promise
from shigotoba_testing.faults.verdict import Answer
from shigotoba_testing.product import Demo

_KEPT: Final = """
SELECT booking_id::text, space.code, lower(booked), upper(booked), booking.state
FROM shigotoba.booking JOIN shigotoba.space USING (space_id)
WHERE purpose = %s
"""
_OVERLAPS: Final = """
SELECT count(*) FROM shigotoba.booking AS one JOIN shigotoba.booking AS other USING (space_id)
WHERE one.booking_id < other.booking_id AND one.during && other.during
  AND one.state IN ('held', 'checked_in', 'offered') AND other.state IN ('held', 'checked_in', 'offered')
"""

Kept = tuple[str, datetime, datetime, str]
"""Booth, begin, end, state."""


def booking_answers(demo: Demo, bookers: Bookers) -> Sequence[Answer]:
    """Everything that is promised about bookings, once nobody asks any more."""
    with demo.connect() as conn:
        kept: dict[str, Kept] = {row[0]: row[1:] for row in conn.execute(_KEPT, [PURPOSE])}
        (overlaps,) = conn.execute(_OVERLAPS).fetchone() or (0,)
    broken = sum(not _is_kept(promise, kept.get(promise.booking_id)) for promise in bookers.promises.values())
    return (
        Answer("bookings that were promised and are not as promised", broken, 0),
        Answer("bookings that nobody was promised", len(kept.keys() - bookers.promises.keys()), 0),
        Answer("pairs of bookings that keep one booth at one time", overlaps, 0),
        Answer("wishes for a booth that never got an answer", bookers.unanswered, 0),
        Answer("whether any booking was promised at all", bool(bookers.promises), True),
    )


def _is_kept(promise: Promise, kept: Kept | None) -> bool:
    if kept is None:
        return False
    booth, start, end, state = kept
    as_told = (promise.booth, datetime.fromisoformat(promise.start), datetime.fromisoformat(promise.end))
    return (booth, start, end) == as_told and state == ("cancelled" if promise.cancelled else "held")
