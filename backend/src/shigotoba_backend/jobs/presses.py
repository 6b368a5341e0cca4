"""Presses at booths whose gateway decides nothing, played into the bookings by the same rules as at the door.

A gateway that has a schedule decides a press itself and says so; of one that has none, only the press arrives. A press
inside somebody's booking is then its check-in, its extension or its end all the same, however late it comes, so that
nobody who was there has a no-show. A walk-in stays a use without a booking (``rollups.booth_uses``): nobody at the door
was told that the booth is theirs.

Each press is decided once, and kept among the decisions under a gateway's name that no gateway can have.

Responsible for finding these presses and for the decision. Refuses to play presses of buttons for which a gateway has
ever decided, and to change bookings itself (see ``bookings.reconciling``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
import psycopg

from shigotoba_backend.bookings import reconciling
from shigotoba_backend.bookings.finding import availability
from shigotoba_backend.bookings.rules import booth_by_id
from shigotoba_backend.bookings.settling import take_booths
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.sql import load
from shigotoba_booth.decisions import BUTTON_SIDES, CheckIn, Decision, End, Extend, decide_press
from shigotoba_booth.holds import Hold
from shigotoba_booth.hours import closed_between
from shigotoba_wire.booths import BoothEvent, BoothEventKind, Trigger

_QUERIES: Final = load("presses.sql", package="shigotoba_backend.jobs")

HERE: Final = ".platform"
"""Stands for the gateway; a real one's name has no dot."""

_PATIENCE: Final = timedelta(seconds=30)
"""So long may a gateway take to say what it decided."""
_LATEST: Final = timedelta(hours=12)
_DAY: Final = timedelta(days=1)
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class _Press:
    space_id: int
    site: str
    booth: str
    device: str
    at: datetime
    label: str


def play_presses(conn: psycopg.Connection, _settings: BackendSettings, now: datetime) -> int:
    """Plays what nobody has decided, oldest first; how many presses that were."""
    asked = {
        "from": now - _LATEST, "until": now - _PATIENCE, "labels": list(BUTTON_SIDES), "here": HERE, "most": _MOST,
    }  # fmt: skip
    found = [_Press(*row) for row in conn.execute(_QUERIES["undecided"], asked)]
    for press in found:
        with conn.transaction():
            take_booths(conn, [press.space_id], now)
            _play(conn, press, now)
    return len(found)


def _play(conn: psycopg.Connection, press: _Press, now: datetime) -> None:
    at, bookings = press.at.astimezone(UTC), _bookings(conn, press)
    booth = booth_by_id(conn, press.space_id, at)
    [there] = availability(conn, [booth], at, at + _DAY, now)
    closed = closed_between(at, at + _DAY, there.open)
    decision = decide_press(BUTTON_SIDES[press.label], at, list(bookings), booth.rules.at_the_door, closed=closed)
    booking_id = bookings.get(decision.hold) if isinstance(decision, CheckIn | Extend | End) else None
    event = _event(press, decision, booking_id)
    fields = {"site": press.site, "here": HERE, "device": press.device, "at": at, "booking_id": booking_id}
    said = {"number": event.number, "said": msgspec.json.encode(event).decode()}
    if conn.execute(_QUERIES["keep"], fields | said | {"now": now}).rowcount and booking_id is not None:
        outcome = _outcome(conn, booking_id, decision, at, now)
        conn.execute(_QUERIES["played"], fields | said | {"outcome": outcome})


def _outcome(conn: psycopg.Connection, booking_id: UUID, decision: Decision, at: datetime, now: datetime) -> str:
    try:
        with conn.transaction():
            return _carry_out(conn, booking_id, decision, at, now)
    except psycopg.IntegrityError as error:
        # Something else has the booth by now, or its pause: that costs this press, and no other.
        return f"failed: {type(error).__name__}"


def _carry_out(conn: psycopg.Connection, booking_id: UUID, decision: Decision, at: datetime, now: datetime) -> str:
    match decision:
        case CheckIn():
            return reconciling.checked_in(conn, booking_id, at, "button", now)
        case Extend(_, until):
            return reconciling.extended(conn, booking_id, until, at, now)
        case End():
            return reconciling.ended(conn, booking_id, at, now)
        case _:
            return "noted"


def _bookings(conn: psycopg.Connection, press: _Press) -> dict[Hold, UUID]:
    """The bookings of the booth as they stood at the press."""
    rows = conn.execute(_QUERIES["held_at"], {"space_id": press.space_id, "at": press.at})
    return {
        Hold(start.astimezone(UTC), end.astimezone(UTC), None, came_at is not None, made_at, came_at): booking_id
        for booking_id, start, end, made_at, came_at in rows
    }


def _event(press: _Press, decision: Decision, booking_id: UUID | None) -> BoothEvent:
    number = round(press.at.timestamp() * 1000)
    hold = str(booking_id or "")
    return BoothEvent(number, press.booth, _kind(decision), number, Trigger.BUTTON, press.device, hold)


def _kind(decision: Decision) -> BoothEventKind:
    match decision:
        case CheckIn():
            return BoothEventKind.CHECK_IN
        case Extend():
            return BoothEventKind.EXTEND
        case End():
            return BoothEventKind.END
        case _:
            return BoothEventKind.NOT_IN_USE
