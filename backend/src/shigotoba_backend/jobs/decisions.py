"""What gateways decided at the doors, played into the bookings in the order it was decided.

Each is played once, in a transaction with its outcome. One that cannot be played keeps its outcome and the reason, and
holds up nothing.

Responsible for reading what a gateway said. Refuses to decide what it leads to (see ``bookings.reconciling``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
import psycopg

from shigotoba_backend.bookings import reconciling
from shigotoba_backend.bookings.refusals import BookingRefusedError
from shigotoba_backend.bookings.rules import booth_of
from shigotoba_backend.bookings.settling import take_booths
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.sql import load
from shigotoba_wire.booths import BoothEvent, BoothEventKind, Trigger

_QUERIES: Final = load("decisions.sql", package="shigotoba_backend.jobs")

MOST: Final = 200
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, and whose.

    Attributes:
        site: Code of the site.
        gateway: Who decided.
        epoch: Of the gateway's spool.
        event: What.
    """

    site: str
    gateway: str
    epoch: str
    event: BoothEvent


def play_decisions(conn: psycopg.Connection, _settings: BackendSettings, now: datetime) -> int:
    """Plays what is waiting, oldest first."""
    waiting = conn.execute(_QUERIES["waiting"], {"most": MOST}).fetchall()
    for site, gateway, epoch, said in waiting:
        decision = Decision(site, gateway, epoch, msgspec.convert(said, BoothEvent))
        with conn.transaction():
            if conn.execute(_QUERIES["claim"], _name(decision)).fetchone() is not None:
                outcome, booking_id = _play(conn, decision, now)
                conn.execute(_QUERIES["played"], _name(decision) | {"outcome": outcome, "booking_id": booking_id})
    return len(waiting)


def _play(conn: psycopg.Connection, decision: Decision, now: datetime) -> tuple[str, UUID | None]:
    event = decision.event
    if event.kind in (BoothEventKind.REFUSED, BoothEventKind.NOT_IN_USE):
        return "noted", None
    try:
        with conn.transaction():
            booth = booth_of(conn, decision.site, event.booth, _moment(event.at_ms))
            take_booths(conn, [booth.space_id], now)
            if event.kind is BoothEventKind.WALK_IN:
                until = event.at_ms + round(booth.rules.at_the_door.default_walk_in.total_seconds() * 1000)
                span = (_moment(event.at_ms), _moment(until if event.until_ms is None else event.until_ms))
                made = reconciling.walked_in(conn, booth, span, now)
                return ("done", made.booking_id) if made else ("gone", None)
            booking_id = _booking_named(conn, decision, booth.space_id)
            return (_about(conn, booking_id, event, now), booking_id) if booking_id else ("unknown hold", None)
    except BookingRefusedError as refusal:
        return f"refused: {refusal.code}", None
    except (psycopg.DataError, psycopg.IntegrityError, ValueError) as error:
        # What no check foresaw costs this decision, and is there to be read.
        return f"failed: {type(error).__name__}", None


def _about(conn: psycopg.Connection, booking_id: UUID, event: BoothEvent, now: datetime) -> str:
    at = _moment(event.at_ms)
    match event.kind:
        case BoothEventKind.CHECK_IN:
            means = "button" if event.trigger is Trigger.BUTTON else "presence"
            return reconciling.checked_in(conn, booking_id, at, means, now)
        case BoothEventKind.EXTEND if event.until_ms is not None:
            return reconciling.extended(conn, booking_id, _moment(event.until_ms), at, now)
        case BoothEventKind.END:
            return reconciling.ended(conn, booking_id, at, now)
        case _:
            return "noted"


def _booking_named(conn: psycopg.Connection, decision: Decision, space_id: int) -> UUID | None:
    fields = {"hold": decision.event.hold, "space_id": space_id} | _name(decision)
    row = conn.execute(_QUERIES["booking_named"], fields).fetchone()
    return row[0] if row else None


def _name(decision: Decision) -> dict[str, object]:
    return {
        "site": decision.site, "gateway": decision.gateway, "epoch": decision.epoch, "number": decision.event.number,
    }  # fmt: skip


def _moment(at_ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=at_ms)
