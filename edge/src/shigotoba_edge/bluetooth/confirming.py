"""Sightings of sealed frames wait until their counters are on disk, so that no restart takes one of them again.

They are written together: what comes while the disk is busy goes with the next write. A disk that refuses costs no
reading; then the counters are kept in memory, and it is said.

Responsible for that order. Refuses to judge frames (see ``sealed``).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncGenerator, Mapping

from shigotoba_edge.bluetooth.counters import CounterFile, Reached
from shigotoba_edge.bluetooth.sealed import Keyring
from shigotoba_edge.logbook import Logbook, Sighting

log = logging.getLogger(__name__)


class Confirming:
    """A logbook's waiting room."""

    def __init__(self, keyring: Keyring, file: CounterFile, logbook: Logbook) -> None:
        self._keyring = keyring
        self._file = file
        self._logbook = logbook
        self._waiting: list[Sighting] = []
        self._something = asyncio.Event()
        self._failing = False

    def sighted(self, sighting: Sighting) -> None:
        """A sealed frame was understood; the logbook is told soon."""
        self._waiting.append(sighting)
        self._something.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[None, None]:
        """Confirms as long as the context lasts; in the end nothing waits."""
        confirming = asyncio.create_task(self._confirm_always())
        try:
            yield
        finally:
            confirming.cancel()
            await asyncio.wait([confirming])
            self._save(self._keyring.take_unsaved())
            self._report(len(self._waiting))

    async def _confirm_always(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            # Those that come while the disk is busy are not covered by this write.
            covered, unsaved = len(self._waiting), self._keyring.take_unsaved()
            await asyncio.to_thread(self._save, unsaved)
            self._report(covered)

    def _save(self, unsaved: Mapping[str, Reached]) -> None:
        if not unsaved:
            return
        try:
            self._file.write(unsaved)
        except sqlite3.Error as error:
            self._keyring.give_back(unsaved)
            if not self._failing:
                log.warning("counters could not be written (%s): a restart now would take old frames again", error)
            self._failing = True
            self._logbook.uneasy(f"counters cannot be written ({error}): a restart now would take old frames again")
        else:
            self._failing = False
            self._logbook.uneasy("")

    def _report(self, count: int) -> None:
        for sighting in self._waiting[:count]:
            self._logbook.sighted(sighting)
        del self._waiting[:count]
