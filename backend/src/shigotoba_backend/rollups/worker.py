"""The rollup worker: takes what ingest touched, makes the rollups right, forgets what it took, in one transaction.

Killed at any instant it has either done a portion or not begun it. Peers: the database only; while that is away the
worker waits.

Responsible for the loop. Refuses arithmetic.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Final

import polars as pl
import psycopg

from shigotoba_backend.rollups import booth_uses, opening, printing, sessions, use
from shigotoba_backend.rollups.frames import frame_of
from shigotoba_backend.rollups.intervals import QUARTER_MS, widened
from shigotoba_backend.rollups.kept import first_ms, ranges_since, windows_since
from shigotoba_backend.rollups.pen import take_pen
from shigotoba_backend.rollups.plan import booth_windows, printing_ranges, use_ranges
from shigotoba_backend.rollups.sensors import sensors_of
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.connection import connect_when_ready, first_line
from shigotoba_backend.store.sql import load

log = logging.getLogger(__name__)

_QUERIES: Final = load("work.sql", package="shigotoba_backend.rollups")

MOST_TOUCHED: Final = 2_000
"""So many touched stretches make one portion."""

_IDLE_S: Final = 1.0
_TOUCHED: Final = {"point_id": pl.Int32, "from_ms": pl.Int64, "to_ms": pl.Int64}


def run(settings: BackendSettings, stop: threading.Event) -> None:
    """Works until ``stop`` is set.

    Raises:
        MigrationError: The database was migrated with other files than these.
    """
    reported = ""
    while not stop.is_set():
        conn = connect_when_ready(settings.database, stop)
        if conn is None:
            return
        try:
            with conn:
                for _step in _steps(conn, stop):
                    reported = ""
        except (psycopg.OperationalError, psycopg.InternalError) as error:
            # The second is what Citus says of a machine that does not answer, on a connection that lives on.
            if first_line(error) != reported:
                reported = first_line(error)
                log.warning("database lost: %s", reported)
            stop.wait(_IDLE_S)


def step(conn: psycopg.Connection, most: int = MOST_TOUCHED) -> int:
    """Works off at most ``most`` touched stretches, oldest first, and returns how many there were."""
    with conn.transaction():
        take_pen(conn)
        touched = frame_of(conn, _QUERIES["take_touched"], {"most": most}, _TOUCHED)
        if not touched.is_empty():
            _recompute(conn, touched)
    return touched.height


def calendar_step(conn: psycopg.Connection) -> bool:
    """Works off one change of opening hours, holidays or closures; whether there was one.

    Each portion is a transaction; the change is forgotten after the last, so that one cut short is begun again.
    """
    touched_id = opening.next_touched(conn)
    if touched_id is None:
        return False
    ranges = widened(opening.touched_days(conn, touched_id), QUARTER_MS)
    use.recompute_use(conn, ranges_since(ranges, first_ms(conn)), sensors_of(conn))
    opening.forget_touched(conn, touched_id)
    return True


def _steps(conn: psycopg.Connection, stop: threading.Event) -> Iterator[None]:
    """Works until ``stop`` is set, and says so after each step that was done."""
    while not stop.is_set():
        all_done = step(conn) < MOST_TOUCHED and not calendar_step(conn)
        yield
        if all_done:
            stop.wait(_IDLE_S)


def _recompute(conn: psycopg.Connection, touched: pl.DataFrame) -> None:
    sensors = sensors_of(conn)
    following = printing.following(conn, touched, sensors)
    since_ms = first_ms(conn)
    spaces = ranges_since(use_ranges(touched, sensors), since_ms)
    use.recompute_use(conn, spaces, sensors)
    sessions.recompute_sessions(conn, spaces, sensors)
    printers = printing_ranges(touched, following, sensors)
    printing.recompute_printing(conn, ranges_since(printers, since_ms), sensors)
    booth_uses.recompute_booth_uses(conn, windows_since(booth_windows(touched, sensors), since_ms))
