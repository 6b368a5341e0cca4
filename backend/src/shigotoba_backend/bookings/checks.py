"""What the rules of a booth allow, and when it is free, asked before anything is held.

Responsible for the checks that every new or changed booking goes through. Refuses to change anything, and rules about
people (see ``quotas``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import psycopg

from shigotoba_backend.bookings.finding import availability, crosses_midnight, why_not_open
from shigotoba_backend.bookings.record import standing_at
from shigotoba_backend.bookings.refusals import BookingRefusedError, refuse
from shigotoba_backend.bookings.rules import Booth
from shigotoba_booth.holds import Hold, lapses_at
from shigotoba_booth.lengths import Objection, objection

Span = tuple[datetime, datetime]


def check_span(booth: Booth, span: Span, now: datetime) -> None:
    """Whether the rules allow such a span at all.

    Raises:
        BookingRefusedError: ``too_short``, ``too_long``, ``past``, ``too_far_ahead``, ``bad_range``, ``over_midnight``.
    """
    why, rules = objection(span[0], span[1], now, booth.rules.limits), booth.rules
    facts: dict[Objection, dict[str, object]] = {
        Objection.TOO_SHORT: {"shortest_min": rules.shortest_min},
        Objection.TOO_LONG: {"longest_min": rules.longest_min},
        Objection.TOO_FAR_AHEAD: {"days_ahead": rules.days_ahead},
    }
    if why is not None:
        raise BookingRefusedError(why.value, facts.get(why))
    if not rules.over_midnight and crosses_midnight(booth, span[0], span[1]):
        raise refuse("over_midnight")


def check_company(booth: Booth, guests: int) -> None:
    """Whether there is room for so many guests.

    Raises:
        BookingRefusedError: ``too_many_guests``.
    """
    if guests > booth.capacity - 1:
        raise refuse("too_many_guests", most=booth.capacity - 1)


def check_free(conn: psycopg.Connection, booth: Booth, span: Span, now: datetime, besides: UUID | None = None) -> None:
    """Whether the booth is open and nobody else's for a span; what has gone by of it does not matter.

    Raises:
        BookingRefusedError: ``not_open``, ``taken``.
    """
    there = availability(conn, [booth], span[0], span[1], now, besides)[0]
    if span not in there.open:
        raise BookingRefusedError("not_open", why_not_open(conn, booth, span[0], span[1]))
    if span not in there.free:
        raise taken_by(conn, booth, span, now, besides)


def taken_by(
    conn: psycopg.Connection, booth: Booth, span: Span, now: datetime, besides: UUID | None = None
) -> BookingRefusedError:
    """The refusal ``taken`` with until when it is somebody else's, or ``buffer`` when it is the pause between."""
    pause = timedelta(minutes=booth.rules.buffer_min)
    others = standing_at(conn, [booth.space_id], span[0] - pause, span[1] + pause, now)
    others = [other for other in others if other.booking_id != besides]
    overlapping = [other.end for other in others if other.start < span[1] and span[0] < other.end]
    if pause and not overlapping:
        before = [other.end + pause for other in others if other.end <= span[0]]
        return refuse("buffer", buffer_min=booth.rules.buffer_min, free_from=max(before, default=None))
    return refuse("taken", until=max(overlapping, default=span[1]))


def check_in_from(booth: Booth, start: datetime) -> datetime:
    """From when a booking can be checked in to."""
    return start - booth.rules.at_the_door.early_check_in


def lapse(booth: Booth, span: Span, made_at: datetime) -> datetime:
    """When a booking made or changed at ``made_at`` lapses."""
    lapses = lapses_at(Hold(span[0], span[1], made_at=made_at), booth.rules.at_the_door)
    return span[1] if lapses is None else lapses
