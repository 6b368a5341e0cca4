"""What is free: for a span of time, and nearest to it when nothing is.

Free is computed from the clock: a booking that has lapsed by ``now`` is in nobody's way, whether or not anything has
settled it. Every booth's rules are looked at, so what is offered can be had.

Responsible for availability, for alternatives and for counting those who found nothing. Refuses to hold anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import psycopg
from psycopg.types.multirange import TimestamptzMultirange
from psycopg.types.range import Range

from shigotoba_backend.bookings.quotas import welcoming
from shigotoba_backend.bookings.refusals import Offer
from shigotoba_backend.bookings.rules import Booth, booths_of
from shigotoba_backend.bookings.sights import sights
from shigotoba_backend.store.sql import load
from shigotoba_booth.lengths import objection

_QUERIES: Final = load("finding.sql", package="shigotoba_backend.bookings")

NEAREST: Final = 5
_LOOK_AROUND: Final = timedelta(days=1)
_STEP: Final = timedelta(minutes=5)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for.

    Attributes:
        site: Code of the site.
        start: From when.
        end: Until when.
        floor: Code of a floor; None for any.
        zone: Code of a zone; None for any.
        capacity: For how many people.
    """

    site: str
    start: datetime
    end: datetime
    floor: str | None = None
    zone: str | None = None
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """What there is.

    Attributes:
        free: Booths that are free for the whole span.
        nearest: When there is none: the nearest times and places, best first.
        seen: For a span that begins now: codes of booths in which a sensor sees somebody; they come last.
    """

    free: tuple[Offer, ...]
    nearest: tuple[Offer, ...] = ()
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Availability:
    """One booth's spans within what was asked.

    Attributes:
        booth: Which.
        open: When it is open.
        free: When it is open and nobody has it.
    """

    booth: Booth
    open: tuple[Span, ...]
    free: tuple[Span, ...]


def find_free(conn: psycopg.Connection, wanted: Wanted, now: datetime, person_id: int | None = None) -> Found:
    """Booths free for the whole span; without any, the nearest. Who finds nothing is counted, once a day and wish."""
    booths = _suiting(conn, wanted, person_id)
    around = availability(conn, booths, wanted.start, wanted.end, now)
    free = tuple(
        _offer(each.booth, wanted.start, wanted.end)
        for each in around
        if (wanted.start, wanted.end) in each.free and _allowed(each.booth, wanted.start, wanted.end, now)
    )
    if free:
        seen = _seen(conn, booths, now) if wanted.start <= now else frozenset[str]()
        return Found(tuple(sorted(free, key=lambda offer: offer.booth in seen)), seen=seen)
    miss(conn, wanted.site, wanted.start, wanted.end, now, person_id)
    return Found((), nearest(conn, booths, wanted.start, wanted.end, now))


def free_now(conn: psycopg.Connection, site: str, minutes: int, now: datetime, person_id: int | None = None) -> Found:
    """Booths that are free from this moment for so many minutes, those in which nobody is seen first."""
    return find_free(conn, Wanted(site, now, end_of(now, minutes)), now, person_id)


def end_of(start: datetime, length_min: int) -> datetime:
    """The end of a span, on a whole minute: ends are read aloud and printed."""
    end = start + timedelta(minutes=length_min)
    return end if end.second == end.microsecond == 0 else end.replace(second=0, microsecond=0) + timedelta(minutes=1)


def alternatives(
    conn: psycopg.Connection, wanted: Wanted, now: datetime, near: str | None = None, person_id: int | None = None
) -> tuple[Offer, ...]:
    """What could be had instead of what was wanted; of equal ones first the floor of the booth ``near``."""
    floor = next((each.floor for each in booths_of(conn, wanted.site, wanted.start) if each.booth == near), None)
    booths = sorted(_suiting(conn, wanted, person_id), key=lambda booth: booth.floor != floor)
    return nearest(conn, booths, wanted.start, wanted.end, now)


def nearest(
    conn: psycopg.Connection, booths: Sequence[Booth], start: datetime, end: datetime, now: datetime
) -> tuple[Offer, ...]:
    """The free spans of that length that begin closest to ``start``, a day around it; one of each booth."""
    length, since = end - start, max(now, start - _LOOK_AROUND)
    if length <= timedelta(0):
        return ()
    around = availability(conn, booths, since, max(end, now) + _LOOK_AROUND, now)
    found = [
        _offer(each.booth, begin, begin + length)
        for each in around
        for begin in sorted(_begins(each.free, start, length), key=lambda at: abs(at - start))[:1]
        if _allowed(each.booth, begin, begin + length, now)
    ]
    return tuple(sorted(found, key=lambda offer: abs(offer.start - start))[:NEAREST])


def availability(
    conn: psycopg.Connection,
    booths: Iterable[Booth],
    start: datetime,
    end: datetime,
    now: datetime,
    besides: UUID | None = None,
) -> list[Availability]:
    """When each of ``booths``, all of one site, is open and free within [start, end), as if ``besides`` were not."""
    by_id = {booth.space_id: booth for booth in booths}
    if not by_id or end <= start:
        return []
    pauses = [booth.rules.at_the_door.pause for booth in by_id.values()]
    asked = {
        "site": next(iter(by_id.values())).site, "start": start, "end": end, "now": now, "besides": besides,
        "spaces": list(by_id), "pauses": pauses, "longest_pause": max(pauses),
        "outside_hours": [booth.space_id for booth in by_id.values() if booth.rules.outside_hours],
    }  # fmt: skip
    rows = {row[0]: row for row in conn.execute(_QUERIES["availability"], asked)}
    return [Availability(by_id[key], _spans(rows[key][1]), _spans(rows[key][2])) for key in by_id]


def why_not_open(conn: psycopg.Connection, booth: Booth, start: datetime, end: datetime) -> dict[str, object]:
    """The facts of a refusal ``not_open``: why, and when it opens next."""
    asked = {"site": booth.site, "space_id": booth.space_id, "start": start, "end": end}
    row = conn.execute(_QUERIES["why_not_open"], asked).fetchone()
    closure, holiday, holiday_en, opens = row or (None, None, None, None)
    if closure is not None:
        return {"reason": "closure", "note": closure, "opens": opens}
    if holiday is not None:
        return {"reason": "holiday", "note": holiday, "note_en": holiday_en, "opens": opens}
    return {"reason": "hours", "note": "", "opens": opens}


def miss(
    conn: psycopg.Connection, site: str, start: datetime, end: datetime, now: datetime, person_id: int | None
) -> None:
    """Counts somebody who found nothing, without keeping who it was."""
    if end <= start:
        return
    asker = hashlib.sha256(f"{person_id or ''} {now.date()}".encode()).digest()
    # To the quarter of an hour, so that asking for "now" again and again stays one wish.
    since = start - (start - start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0))
    fields = {"site": site, "start": since, "end": since + (end - start), "asker": asker, "reason": "none_free"}
    conn.execute(_QUERIES["miss"], fields | {"now": now})


def _seen(conn: psycopg.Connection, booths: Sequence[Booth], now: datetime) -> frozenset[str]:
    occupied = {space_id for space_id, sight in sights(conn, now, booths[0].site).items() if sight.sensor == "occupied"}
    return frozenset(booth.booth for booth in booths if booth.space_id in occupied)


def _suiting(conn: psycopg.Connection, wanted: Wanted, person_id: int | None) -> list[Booth]:
    booths = [booth for booth in booths_of(conn, wanted.site, wanted.start) if _suits(booth, wanted)]
    return welcoming(conn, booths, person_id)


def _suits(booth: Booth, wanted: Wanted) -> bool:
    return (
        wanted.floor in (None, booth.floor) and wanted.zone in (None, booth.zone) and booth.capacity >= wanted.capacity
    )


def _allowed(booth: Booth, start: datetime, end: datetime, now: datetime) -> bool:
    return objection(start, end, now, booth.rules.limits) is None and (
        booth.rules.over_midnight or not crosses_midnight(booth, start, end)
    )


def crosses_midnight(booth: Booth, start: datetime, end: datetime) -> bool:
    """Whether the span goes on into another day of the booth's site."""
    last = (end - timedelta(microseconds=1)).astimezone(booth.zone_info)
    return start.astimezone(booth.zone_info).date() != last.date()


def _begins(free: Iterable[Span], start: datetime, length: timedelta) -> Iterator[datetime]:
    """In each free span that is long enough, the begin closest to ``start``, on full five minutes if there is room."""
    for low, high in free:
        if high - low >= length:
            begin = min(max(start, low), high - length)
            tidy = (
                begin + (-timedelta(minutes=begin.minute, seconds=begin.second, microseconds=begin.microsecond)) % _STEP
            )
            yield tidy if tidy + length <= high else begin


def _offer(booth: Booth, start: datetime, end: datetime) -> Offer:
    return Offer(booth.booth, booth.name, booth.floor, start, end)


def _spans(multirange: TimestamptzMultirange) -> tuple[Span, ...]:
    return tuple(_span(each) for each in multirange)


def _span(span: Range[datetime]) -> Span:
    if span.lower is None or span.upper is None:
        raise ValueError(f"availability is asked for a span with two ends, not {span}")
    return span.lower.astimezone(UTC), span.upper.astimezone(UTC)
