"""How the booths of a site are at this moment, and one booth's day.

Responsible for what people look at before they book. Refuses to say whose a booking is: a peer sees that a booth is
booked, not by whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import psycopg

from shigotoba_backend.bookings.finding import Availability, Span, availability
from shigotoba_backend.bookings.quotas import midnight
from shigotoba_backend.bookings.record import may_act, standing_at
from shigotoba_backend.bookings.rules import booth_of, booths_of
from shigotoba_backend.bookings.sights import Sensor, Sight, sights
from shigotoba_backend.bookings.values import Asker, Booking
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("now.sql", package="shigotoba_backend.bookings")

_AHEAD: Final = timedelta(days=1)

BoothState = Literal["free", "soon", "booked", "in_use", "closed", "unknown"]


@dataclass(frozen=True, slots=True)
class BoothNow:
    """A booth at this moment.

    Attributes:
        site: Code of the site.
        booth: Its code.
        name: For people.
        floor: Code of the floor.
        zone: Code of the zone, if it is in one.
        capacity: For how many people.
        x: Metres from the left edge of the floor plan.
        y: Metres from its upper edge.
        state: Free; free but soon no more; booked, and its person has not come yet; in use; closed; unknown: free by
            the book, but a sensor sees somebody.
        until: When that changes, as far as is known.
        next_start: When the next booking begins.
        sensor: What the presence sensors say.
    """

    site: str
    booth: str
    name: str
    floor: str
    zone: str | None
    capacity: int
    x: float
    y: float
    state: BoothState
    until: datetime | None
    next_start: datetime | None
    sensor: Sensor


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of a booth's day.

    Attributes:
        start: From when.
        end: Until when.
        kind: Whether it can be had.
        booking_id: Of one's own booking.
    """

    start: datetime
    end: datetime
    kind: Literal["free", "booked", "mine", "closed"]
    booking_id: UUID | None = None


def booths_now(conn: psycopg.Connection, site: str, now: datetime) -> list[BoothNow]:
    """Every booth of a site, by floor and code."""
    asked = {"site": site, "now": now}
    standing = {row[0]: row[1:] for row in conn.execute(_QUERIES["standing"], asked)}
    places = {row[0]: row[1:] for row in conn.execute(_QUERIES["places"], asked)}
    seen = sights(conn, now, site)
    return [
        _booth_now(each, standing[each.booth.space_id], places[each.booth.space_id], seen.get(each.booth.space_id), now)
        for each in availability(conn, booths_of(conn, site, now), now, now + _AHEAD, now)
    ]


def site_number(conn: psycopg.Connection, site: str) -> int:
    """The number under which changes at a site's booths are told."""
    return conn.execute(_QUERIES["site_number"], {"site": site}).fetchall()[0][0]


def slots_of_day(
    conn: psycopg.Connection, asker: Asker, booth: tuple[str, str], day: date, now: datetime
) -> list[Slot]:
    """A booth's day from midnight to midnight of its site, without gaps; ``booth`` is the site's code and its own."""
    noon = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=3)
    place = booth_of(conn, booth[0], booth[1], noon)
    start, end = midnight(day, place.zone_info), midnight(day + timedelta(days=1), place.zone_info)
    there = availability(conn, [place], start, end, now)[0]
    taken = [
        _taken(each, (start, end), may_act(conn, asker, each))
        for each in standing_at(conn, [place.space_id], start, end, now)
    ]
    known = [*taken, *(Slot(low, high, "free") for low, high in there.free)]
    return _without_gaps(sorted(known, key=lambda slot: slot.start), (start.astimezone(UTC), end.astimezone(UTC)))


def _taken(booking: Booking, day: Span, mine: bool) -> Slot:
    start, end = max(booking.start, day[0]), min(booking.end, day[1])
    return Slot(start, end, "mine", booking.booking_id) if mine else Slot(start, end, "booked")


def _booth_now(
    there: Availability,
    standing: tuple[str | None, datetime | None, datetime | None],
    place: tuple[float, float],
    sight: Sight | None,
    now: datetime,
) -> BoothNow:
    booth, (present, until, following), sensor = there.booth, standing, sight.sensor if sight else "unknown"
    state, changes = _state(there, present, until, sensor, now)
    return BoothNow(
        booth.site, booth.booth, booth.name, booth.floor, booth.zone, booth.capacity, *place, state,
        changes and changes.astimezone(UTC), following and following.astimezone(UTC), sensor,
    )  # fmt: skip


def _state(
    there: Availability, present: str | None, until: datetime | None, sensor: Sensor, now: datetime
) -> tuple[BoothState, datetime | None]:
    if present is not None:
        return ("in_use" if present == "checked_in" else "booked"), until
    if not there.open or there.open[0][0] > now:
        return "closed", there.open[0][0] if there.open else None
    if not there.free or there.free[0][0] > now:
        return "booked", there.free[0][0] if there.free else None
    ends: datetime | None = there.free[0][1]
    if ends == now + _AHEAD:
        ends = None
    if sensor == "occupied":
        return "unknown", ends
    shortest = there.booth.rules.at_the_door.shortest_walk_in
    return ("soon" if ends and ends - now < shortest else "free"), ends


def _without_gaps(known: list[Slot], day: Span) -> list[Slot]:
    slots: list[Slot] = []
    at = day[0]
    for slot in known:
        if slot.start > at:
            slots.append(Slot(at, slot.start, "closed"))
        slots.append(slot)
        at = max(at, slot.end)
    return [*slots, Slot(at, day[1], "closed")] if at < day[1] else slots
