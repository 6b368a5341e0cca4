"""What is left after the faults: the questions, and how each is answered from files and tables.

Responsible for asking. Refuses to mend.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psycopg import sql

from shigotoba_testing.product import Demo
from shigotoba_testing.waiting import until

ROLLUPS: Final = {
    "use_15min": ("space_id", "bucket", "occupied_s", "vacant_s", "presses"),
    "printing_hour": ("device_id", "bucket", "impressions_total", "fax_sent", "scan_sent"),
    "booth_use": ("space_id", "during", "source"),
    "booth_session": ("space_id", "during"),
}
"""What a rebuild must find as it is; the count of revisions may differ, for a rebuild is none."""

Rows = dict[str, set[tuple[object, ...]]]
"""By table."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and what was found.

    Attributes:
        question: As a person would ask it.
        found: What there is.
        wanted: What there ought to be.
    """

    question: str
    found: object
    wanted: object

    @property
    def good(self) -> bool:
        """Whether it is as it ought to be."""
        return self.found == self.wanted


@contextmanager
def hush(demo: Demo) -> Iterator[None]:
    """The building stands still: no sensor says anything new, so that two looks at the product see the same."""
    pid = demo.pids()["sim"]
    os.kill(pid, signal.SIGSTOP)
    yield
    os.kill(pid, signal.SIGCONT)


def settle(demo: Demo, within_s: float) -> None:
    """Wait until everything that is under way has arrived."""
    until(lambda: _agent_waits(demo) == 0, within_s, "an empty outbox at the agent")
    until(lambda: _nothing_under_way(demo), within_s, "a ledger without holes and an empty spool")
    until(demo.rollups_are_done, within_s, "the rollups")


def answers(demo: Demo) -> Sequence[Answer]:
    """What is promised of readings, of a demo that has settled."""
    numbered, taken = _agent_numbered(demo), _gateway_took(demo)
    received, stored = _received_and_stored(demo)
    coverage = demo.coverage()
    return (
        Answer("readings the agent sent and the gateway does not have", max(0, numbered - taken), 0),
        Answer(
            "readings a gateway numbered and the database does not have", sum(g.missing for g in coverage.gateways), 0
        ),
        Answer("rows beyond the numbers received (counted twice), or short of them (lost)", stored - received, 0),
        Answer("refused messages", coverage.quarantined, {}),
    )


def rollup_answers(demo: Demo) -> Sequence[Answer]:
    """What is promised of what readings amount to; afterwards all of it has been made again."""
    before = _rollups(demo)
    _rebuild(demo)
    differences = _differences(before, _rollups(demo))
    return (Answer("rollup rows that a rebuild from raw makes otherwise", differences, dict.fromkeys(ROLLUPS, 0)),)


def _open(demo: Demo, room: str, key: str) -> sqlite3.Connection:
    settings = tomllib.loads((demo.home / "settings" / f"{room}.toml").read_text(encoding="utf-8"))
    return sqlite3.connect(f"file:{Path(settings[key])}?mode=ro", uri=True)


def _one(conn: sqlite3.Connection, query: str) -> int:
    (number,) = conn.execute(query).fetchone()
    return number


def _agent_waits(demo: Demo) -> int:
    with closing(_open(demo, "edge", "outbox")) as conn:
        return _one(conn, "SELECT coalesce(sum(readings), 0) FROM waiting")


def _agent_numbered(demo: Demo) -> int:
    """Readings that have a number and no longer wait: what the gateway must have."""
    with closing(_open(demo, "edge", "outbox")) as conn:
        return _one(conn, "SELECT next_seq - 1 - (SELECT coalesce(sum(readings), 0) FROM waiting) FROM identity")


def _gateway_took(demo: Demo) -> int:
    with closing(_open(demo, "gateway", "spool")) as conn:
        return _one(conn, "SELECT coalesce(sum(end_seq - first_seq), 0) FROM intake")


def _nothing_under_way(demo: Demo) -> bool:
    return all(not gateway.missing and not gateway.waiting for gateway in demo.coverage().gateways)


def _received_and_stored(demo: Demo) -> tuple[int, int]:
    with demo.connect() as conn, conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        spans = "SELECT coalesce(sum(upper(span) - lower(span)), 0) FROM shigotoba.ledger, unnest(received) AS span"
        (received,) = conn.execute(spans).fetchone() or (0,)
        (stored,) = conn.execute("SELECT count(*) FROM shigotoba.reading").fetchone() or (0,)
    return int(received), int(stored)


def _rollups(demo: Demo) -> Rows:
    with demo.connect() as conn:
        return {table: set(conn.execute(_query(table, columns)).fetchall()) for table, columns in ROLLUPS.items()}


def _query(table: str, columns: Sequence[str]) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier("shigotoba", table))


def _differences(before: Rows, after: Rows) -> dict[str, int]:
    return {table: len(before[table] ^ after[table]) for table in ROLLUPS}


def _rebuild(demo: Demo) -> None:
    settings = str(demo.home / "settings" / "backend.toml")
    subprocess.run([sys.executable, "-m", "shigotoba_backend", "rollup", "rebuild", "--settings", settings], check=True)
