"""The counters that sealed sensors have reached, on disk: a frame recorded before a restart is not taken after it.

Responsible for one SQLite file, written with ``synchronous=FULL``. Refuses to judge frames (see ``sealed``).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from shigotoba_edge.driver import DriverError
from shigotoba_wire.statements import load_statements

_SQL: Final = load_statements("shigotoba_edge.bluetooth", "counters.sql")


class Reached(msgspec.Struct, frozen=True):
    """How far a device has counted.

    Attributes:
        key_mark: Tells its key from another without giving it away.
        counter: Of the last frame that was accepted.
    """

    key_mark: str
    counter: int


class CounterFile:
    """The file. Safe to use from several threads.

    Attributes:
        at_first: What every device had reached when the file was opened.

    Raises:
        DriverError: The file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", _SQL["make_counter"]):
                self._connection.execute(statement)
            rows = self._connection.execute(_SQL["all"]).fetchall()
        except sqlite3.Error as error:
            raise DriverError(f"{path}: cannot hold counters ({error}). Check disk and rights.") from error
        self.at_first = {device: Reached(mark, counter) for device, mark, counter in rows}

    def write(self, reached: Mapping[str, Reached]) -> None:
        """Note what devices have reached; durable when this returns.

        Raises:
            sqlite3.Error: The disk refuses.
        """
        rows = [{"device": device, "key_mark": at.key_mark, "reached": at.counter} for device, at in reached.items()]
        with self._lock, self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(_SQL["reach"], rows)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
