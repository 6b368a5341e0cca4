"""``counter_hold``: rises of counters that wait for a person, and what a person decided.

A rise that late readings explain (they cut it into small ones) is no longer found and its row goes; a decided one
stays, as a record. Responsible for these rows. Refuses to judge a rise (see ``plausible``).
"""
# pyright: reportUnknownMemberType=false
# polars' annotations name NumPy types, which are unknown here.

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec
import polars as pl
import psycopg
from psycopg.rows import class_row

from shigotoba_backend.rollups.frames import frame_of, rows_argument
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("holds.sql", package="shigotoba_backend.rollups")
_KEY: Final = {
    "device_id": pl.Int32,
    "name": pl.String,
    "from_ms": pl.Int64,
    "at_ms": pl.Int64,
    "old": pl.Int64,
    "value": pl.Int64,
}


class HoldError(Exception):
    """A held rise cannot be decided; the message says why."""


class Hold(msgspec.Struct, frozen=True):
    """A rise that is not counted, or was let through.

    Attributes:
        hold_id: Its number.
        site: The site's code.
        device: The printer's code.
        name: The counter.
        from_at: When it stood at ``from_value``.
        to_at: When it stood at ``to_value``; the rise belongs to this hour if it is released.
        from_value: What it showed before.
        to_value: What it showed after.
        rise: What would be counted.
        cause: ``too_fast`` or ``long_gap``.
        decision: None while it waits.
        decided_at: When.
        decided_by: By whom.
        reason: Why.
    """

    hold_id: int
    site: str
    device: str
    name: str
    from_at: datetime
    to_at: datetime
    from_value: int
    to_value: int
    rise: int
    cause: str
    decision: str | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None


def held(conn: psycopg.Connection, *, waiting_only: bool = True) -> list[Hold]:
    """The held rises, newest first; with ``waiting_only`` those nobody has decided about."""
    with conn.cursor(row_factory=class_row(Hold)) as cursor:
        return cursor.execute(_QUERIES["held"], {"waiting_only": waiting_only}).fetchall()


def decide(
    conn: psycopg.Connection, hold_id: int, decision: Literal["release", "refuse"], *, by: str, reason: str
) -> Hold:
    """Counts a held rise, or leaves it out for good; a decision may be changed by another.

    The rollup worker computes the hour again.

    Raises:
        HoldError: There is no such hold, or no reason is given.
    """
    if not reason.strip():
        raise HoldError("A decision about a counter needs a reason: say what you saw at the printer.")
    told = {"hold_id": hold_id, "decision": decision, "by": by, "reason": reason.strip()}
    with conn.transaction(), conn.cursor(row_factory=class_row(Hold)) as cursor:
        decided = cursor.execute(_QUERIES["decide"], told).fetchone()
        if decided is None:
            raise HoldError(f"No rise is held under number {hold_id}. List them to see which are.")
        cursor.execute(_QUERIES["touch"], told)
    return decided


def speeds(conn: psycopg.Connection, stretches: str) -> pl.DataFrame:
    """``device_id, per_min`` of the devices of ``stretches``; null where nobody told."""
    columns = {"device_id": pl.Int32, "per_min": pl.Float64}
    return frame_of(conn, _QUERIES["speeds"], {"stretches": stretches}, columns)


def released(conn: psycopg.Connection, stretches: str) -> pl.DataFrame:
    """The released rises that end in ``stretches``, with the columns of ``counters.HOLD_KEY``."""
    return frame_of(conn, _QUERIES["released"], {"stretches": stretches}, _KEY)


def put(conn: psycopg.Connection, stretches: str, found: pl.DataFrame) -> None:
    """Makes the waiting rises of ``stretches`` those of ``found``: the steps of ``counters.counted`` with a cause."""
    rows = {"stretches": stretches, "found": rows_argument(found.select(*_KEY, "delta", "cause"))}
    conn.execute(_QUERIES["forget"], rows)
    conn.execute(_QUERIES["put"], rows)
