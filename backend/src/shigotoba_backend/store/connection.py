"""Connections to the store, and patience while there is none.

Responsible for connecting, and for waiting until the database is up and its schema is at least the one this version
needs. Refuses to pool: a process of the backend has one or two connections for its whole life.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Iterator
from typing import Final

import psycopg

from shigotoba_backend.store.migrate import pending, shipped
from shigotoba_backend.store.sql import load

log = logging.getLogger(__name__)

_QUERIES: Final = load("connection.sql", package="shigotoba_backend.store")
_CONNECT_TIMEOUT_S: Final = 5
_FIRST_PAUSE_S: Final = 0.2
_LONGEST_PAUSE_S: Final = 5.0


class StoreUnavailableError(Exception):
    """The database cannot be used for now; the message says why in one line."""


def connect(conninfo: str) -> psycopg.Connection:
    """A connection in autocommit mode whose death both sides notice within half a minute.

    Raises:
        StoreUnavailableError: The database does not answer or refuses us.
    """
    try:
        # Else who waits for an answer from a machine that lost its power has the kernel's patience: two hours.
        conn = psycopg.connect(
            conninfo, autocommit=True, connect_timeout=_CONNECT_TIMEOUT_S,
            keepalives_idle=10, keepalives_interval=5, keepalives_count=2, tcp_user_timeout=20_000,
        )  # fmt: skip
        conn.execute(_QUERIES["notice_dead_peers"])
    except psycopg.OperationalError as error:
        raise StoreUnavailableError(first_line(error)) from error
    return conn


def connect_when_ready(conninfo: str, stop: threading.Event) -> psycopg.Connection | None:
    """A connection to a database that has every migration this version needs; None if stopped while waiting.

    Tries for ever with growing pauses and logs each obstacle once.

    Raises:
        MigrationError: The database was migrated with other files than these.
    """
    reported = ""
    for pause_s in pauses_s(random.Random()):
        try:
            conn = _connect_migrated(conninfo)
        except StoreUnavailableError as obstacle:
            if str(obstacle) != reported:
                reported = str(obstacle)
                log.warning("database: %s; waiting for it", reported)
        else:
            if reported:
                log.info("database: ready")
            return conn
        if stop.wait(pause_s):
            break
    return None


def pauses_s(rng: random.Random) -> Iterator[float]:
    """Growing pauses between tries, in seconds, with jitter so that many waiters do not knock in step."""
    pause_s = _FIRST_PAUSE_S
    while True:
        yield pause_s * rng.uniform(0.5, 1.0)
        pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)


def first_line(error: psycopg.Error) -> str:
    """What went wrong, without the hints libpq adds over several lines."""
    return str(error).split("\n", 1)[0].strip()


def _connect_migrated(conninfo: str) -> psycopg.Connection:
    conn = connect(conninfo)
    try:
        check_migrated(conn)
    except BaseException:
        conn.close()
        raise
    return conn


def check_migrated(conn: psycopg.Connection) -> None:
    """Returns if the schema is at least the one this version needs.

    Raises:
        StoreUnavailableError: Migrations are missing, or the database does not answer.
        MigrationError: The database was migrated with other files than these.
    """
    try:
        missing = pending(conn, shipped())
    except psycopg.OperationalError as error:
        raise StoreUnavailableError(first_line(error)) from error
    if missing:
        names = ", ".join(f"{migration.number:04}_{migration.name}" for migration in missing)
        raise StoreUnavailableError(f"migrations not applied: {names} (run `python -m shigotoba_backend migrate`)")
