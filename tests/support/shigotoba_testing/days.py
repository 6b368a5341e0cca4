"""Days of readings of the small site, ingested through the real pipeline without a broker."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, NamedTuple

import psycopg

from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.pipeline import store_or_isolate
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.senml import encode_batch
from shigotoba_wire.topics import READINGS, upstream

NOW: Final = datetime(2026, 11, 21, tzinfo=UTC)
AUGUST, SEPTEMBER, NOVEMBER = (datetime(2026, month, 1, tzinfo=UTC) for month in (8, 9, 11))
SEAT, ROCKER, PRINTER = "ble-5448e68f80a5", "enocean-fe001122", "mfp-X001"


class Message(NamedTuple):
    topic: str
    payload: bytes


def day_of(at: datetime) -> list[Reading]:
    """Two hours of a day: a seat each minute, a printer each ten, a press at the booth."""
    at_ms = int(at.timestamp() * 1000)
    minutes = [at_ms + minute * 60_000 for minute in range(120)]
    seats = [Reading(SEAT, "occupancy", index % 50 < 30, minute) for index, minute in enumerate(minutes)]
    counters = [Reading(PRINTER, "impressions_total", minute // 60_000, minute) for minute in minutes[::10]]
    return [*seats, *counters, Reading(ROCKER, "button", "AI", at_ms + 5_000)]


def ingest(conn: psycopg.Connection, *days: datetime, first_seq: int = 1) -> int:
    readings = [reading for day in days for reading in day_of(day)]
    for start in range(0, len(readings), 100):
        payload = encode_batch(Batch("honcho", "gw-1", "e", first_seq + start, tuple(readings[start : start + 100])))
        topic = upstream("honcho", "gw-1").up(READINGS)
        store_or_isolate(conn, Catalogue(conn), [Message(topic, payload)], int(NOW.timestamp() * 1000))
    return len(readings)


def rows_of(conn: psycopg.Connection, *tables: str) -> list[list[tuple[object, ...]]]:
    return [sorted(conn.execute(f"TABLE shigotoba.{table}").fetchall(), key=repr) for table in tables]
