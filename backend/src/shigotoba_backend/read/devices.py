"""Which devices are heard, and when last.

Responsible for signs of life by the newest reading. Refuses to say why a device is silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import psycopg

from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.rollups.silence import KEEP_ALIVES_KNOWN
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("devices.sql", package="shigotoba_backend.read")


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """A device.

    Attributes:
        device: Its code.
        kind: ``seat_sensor``, ``booth_sensor``, ``booth_button`` or ``mfp``.
        space_name: Where it is now, for people; None when it is assigned nowhere.
        floor: The code of that space's floor.
        last_seen_at: Time of its newest reading; None when there never was one.
        battery_pct: As it last said so; None when it never did.
        state: Stale after 2.5 keep-alives of silence.
    """

    device: str
    kind: str
    space_name: str | None
    floor: str | None
    last_seen_at: datetime | None
    battery_pct: float | None
    state: Literal["alive", "stale", "never"]


def devices_seen(conn: psycopg.Connection, site: str, now: datetime) -> list[DeviceSeen]:
    """Every device of the site, by kind and code."""
    return _seen(conn, site, now, None)


def printers_seen(conn: psycopg.Connection, site: str, now: datetime) -> list[DeviceSeen]:
    """Its printers alone, which are few."""
    return _seen(conn, site, now, "mfp")


def _seen(conn: psycopg.Connection, site: str, now: datetime, kind: str | None) -> list[DeviceSeen]:
    arguments = {"site": site, "now": now, "keep_alives": KEEP_ALIVES_KNOWN, "kind": kind}
    return rows_of(conn, DeviceSeen, _QUERIES["devices_seen"], arguments)
