"""``booth_use``: runs of button presses played again through the booth's rules.

What a late or repeated press can change is the run of presses around it (``shigotoba_booth.presses``). The rows of
the run are replaced as a whole, so each press has its effect once, however often and late it is delivered.

Responsible for uses that began with the button. Refuses bookings: a press inside one is played into it by the jobs
(``jobs.presses``) or was by its gateway, and ``booth_used_v1`` then counts the booking instead.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import polars as pl
import psycopg

from shigotoba_backend.rollups.frames import frame_of
from shigotoba_backend.rollups.pen import take_pen
from shigotoba_backend.store.sql import load
from shigotoba_booth.decisions import ROCKER_SIDES
from shigotoba_booth.holds import Policy
from shigotoba_booth.presses import Press, play, run_around

_QUERIES: Final = load("booth_uses.sql", package="shigotoba_backend.rollups")

POLICY: Final = Policy()
"""One for all booths until offices can set their own."""

_WINDOWS: Final = {"space_id": pl.Int32, "from_ms": pl.Int64, "to_ms": pl.Int64}
_FIRST_MARGIN: Final = POLICY.default_walk_in * 4
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def recompute_booth_uses(conn: psycopg.Connection, windows: pl.DataFrame) -> None:
    """Makes the uses right that presses in ``windows`` can matter to.

    Args:
        conn: In a transaction or not; each booth is one, nested or not.
        windows: ``space_id, from_ms, to_ms``, both ends included.
    """
    for space_id, from_ms, to_ms in windows.iter_rows():
        with conn.transaction():
            take_pen(conn)
            _recompute(conn, space_id, _moment(from_ms), _moment(to_ms))


def extents(conn: psycopg.Connection) -> pl.DataFrame:
    """The stretch of each booth that has uses: ``space_id, from_ms, to_ms``."""
    return frame_of(conn, _QUERIES["extents"], {}, _WINDOWS)


def _recompute(conn: psycopg.Connection, space_id: int, first: datetime, last: datetime) -> None:
    started_by, begin, end = _run_around(conn, space_id, first, last)
    uses = play([press for press in started_by if begin <= press.at <= end], (), POLICY)
    began_with = {press.at: seq for press, seq in started_by.items()}
    rows = {
        "starts": [use.start for use in uses],
        "ends": [use.end for use in uses],
        "started_by": [began_with[use.start] for use in uses],
    }
    conn.execute(_QUERIES["forget"], {"space_id": space_id, "begin": begin, "end": end})
    conn.execute(_QUERIES["put"], rows | {"space_id": space_id})


def _run_around(
    conn: psycopg.Connection, space_id: int, first: datetime, last: datetime
) -> tuple[dict[Press, int], datetime, datetime]:
    """The booth's presses with the sequence number of each, and the run; looks farther until the run ends in sight."""
    margin = _FIRST_MARGIN
    while True:
        started_by = _presses(conn, space_id, first - margin, last + margin)
        begin, end = run_around(started_by, first, last, POLICY)
        if max(first - begin, end - last) <= margin - POLICY.default_walk_in:
            return started_by, begin, end
        margin *= 4


def _presses(conn: psycopg.Connection, space_id: int, begin: datetime, end: datetime) -> dict[Press, int]:
    asked = {"space_id": space_id, "begin": begin, "end": end, "labels": list(ROCKER_SIDES)}
    found: dict[Press, int] = {}
    for at, label, seq in conn.execute(_QUERIES["presses"], asked):
        found.setdefault(Press(at.astimezone(UTC), ROCKER_SIDES[label]), seq)
    return found


def _moment(at_ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=at_ms)
