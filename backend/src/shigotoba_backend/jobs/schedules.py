"""The schedule of the next 24 hours, given to the gateways whenever it changes.

A schedule is whole and retained at the broker, so a gateway that comes back has it. It says up to which of the
gateway's own decisions it takes into account.

Responsible for what a gateway has to know. Refuses names of people: a hold is a number and two times.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from datetime import datetime, timedelta
from typing import Final

import msgspec
import psycopg

from shigotoba_backend.bookings.finding import Availability, availability
from shigotoba_backend.bookings.record import standing_at
from shigotoba_backend.bookings.rules import booths_of
from shigotoba_backend.bookings.values import Booking
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.sql import load
from shigotoba_booth.hours import Closed, closed_between, closed_until
from shigotoba_wire.booths import (
    BoothPolicy,
    BoothSchedule,
    ClosedSpan,
    ScheduledBooth,
    ScheduledHold,
    encode_booths,
)
from shigotoba_wire.connection import Session
from shigotoba_wire.link import Link
from shigotoba_wire.topics import SCHEDULE, upstream

log = logging.getLogger(__name__)

_QUERIES: Final = load("schedules.sql", package="shigotoba_backend.jobs")

AHEAD: Final = timedelta(hours=24)
AGAIN_AFTER: Final = timedelta(hours=1)
"""An unchanged schedule is given again, for its time runs out."""


class Schedules:
    """The schedules as they were given, and the connection they are given over."""

    def __init__(self) -> None:
        self._link: Link | None = None
        self._anew = threading.Event()

    def publish(self, conn: psycopg.Connection, settings: BackendSettings, now: datetime) -> int:
        """Gives every gateway its schedule where that has changed; how many."""
        link = self._link or self._connect(settings)
        if link.connection is None:
            return 0
        if self._anew.is_set():
            # The broker may have lost what it retained.
            self._anew.clear()
            conn.execute(_QUERIES["forget"])
        gateways = conn.execute(_QUERIES["gateways"]).fetchall()
        return sum(_give(conn, link, site, gateway, now) for site, gateway in gateways)

    def stop(self) -> None:
        """Disconnects."""
        if self._link is not None:
            self._link.stop()
            self._link = None

    def _connect(self, settings: BackendSettings) -> Link:
        session = Session(f"jobs-{secrets.token_hex(4)}")
        self._link = Link(settings.broker, session, lambda _delivery: None, self._anew.set)
        self._link.start()
        return self._link


def schedule_of(conn: psycopg.Connection, site: str, gateway: str, now: datetime) -> BoothSchedule:
    """What a gateway should know at ``now``."""
    # To full hours, so that what is closed is the same whenever within the hour it is looked at.
    since = now.replace(minute=0, second=0, microsecond=0)
    around = (since, since + AHEAD + timedelta(hours=1))
    booths = availability(conn, booths_of(conn, site, now), *around, now)
    bookings = standing_at(conn, [each.booth.space_id for each in booths], now, now + AHEAD, now)
    devices = {row[0]: (row[1], row[2]) for row in conn.execute(_QUERIES["devices"], {"site": site, "now": now})}
    epoch, upto = _reflected(conn, site, gateway)
    return BoothSchedule(
        _ms(now),
        _ms(now),
        _ms(now + AHEAD),
        tuple(
            _booth(
                each,
                [booking for booking in bookings if booking.space_id == each.booth.space_id],
                devices.get(each.booth.space_id, ([], [])),
                closed_between(*around, each.open),
                now,
            )
            for each in booths
        ),
        epoch,
        upto,
    )


def _give(conn: psycopg.Connection, link: Link, site: str, gateway: str, now: datetime) -> bool:
    with conn.transaction():
        schedule = schedule_of(conn, site, gateway, now)
        # What is the same whenever it is looked at: without the times of looking.
        lasting = msgspec.structs.replace(schedule, version=1, made_at_ms=0, valid_until_ms=0)
        fields = {
            "site": site, "gateway": gateway, "version": schedule.version, "now": now,
            "digest": hashlib.sha256(encode_booths(lasting)).digest(), "again_before": now - AGAIN_AFTER,
        }  # fmt: skip
        if conn.execute(_QUERIES["changed"], fields).fetchone() is None:
            return False
        if not link.publish(upstream(site, gateway).down(SCHEDULE), encode_booths(schedule), retain=True):
            raise ConnectionError(f"the broker went away before {site}/{gateway} had its schedule")
    log.info("%s/%s: schedule %d given", site, gateway, schedule.version)
    return True


def _booth(
    there: Availability,
    bookings: list[Booking],
    devices: tuple[list[str], list[str]],
    closed: tuple[Closed, ...],
    now: datetime,
) -> ScheduledBooth:
    booth, policy = there.booth, there.booth.rules.at_the_door
    buttons, presence = devices
    opens = closed_until(now, closed)
    return ScheduledBooth(
        booth.booth,
        booth.name,
        tuple(buttons),
        tuple(presence),
        tuple(_hold(booking) for booking in bookings),
        None if opens is None else _ms(opens),
        BoothPolicy(
            policy.default_walk_in.total_seconds(),
            policy.shortest_walk_in.total_seconds(),
            policy.early_check_in.total_seconds(),
            policy.grace.total_seconds(),
            booth.rules.presence_checks_in,
            booth.rules.second_press,
            policy.pause.total_seconds(),
            None if policy.longest is None else policy.longest.total_seconds(),
        ),
        tuple(ClosedSpan(_ms(span.start), _ms(span.end)) for span in closed),
    )


def _hold(booking: Booking) -> ScheduledHold:
    return ScheduledHold(
        f"{booking.booking_id}", _ms(booking.start), _ms(booking.end), booking.state == "checked_in",
        _ms(booking.made_at), came_at_ms=None if booking.checked_in_at is None else _ms(booking.checked_in_at),
    )  # fmt: skip


def _reflected(conn: psycopg.Connection, site: str, gateway: str) -> tuple[str, int]:
    row = conn.execute(_QUERIES["reflected"], {"site": site, "gateway": gateway}).fetchone()
    return (row[0], row[1]) if row else ("", 0)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
