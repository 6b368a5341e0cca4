"""The ingest worker of one shard: take, commit, acknowledge, tell.

A session lock in PostgreSQL makes it the only one of its shard. The lock belongs to the very connection that stores,
so whoever has lost the lock cannot commit either. While the database is away the worker holds what it has taken and
acknowledges nothing; the broker keeps the rest.

Responsible for owning the shard and for patience. Refuses to look into messages (see ``pipeline``) and to say how many
are stored together (see ``desk``).
"""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import psycopg

from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.desk import WINDOW, Desk, Portion
from shigotoba_backend.ingest.pipeline import commit_or_isolate, prepare
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.connection import StoreUnavailableError, connect, connect_when_ready, first_line, pauses_s
from shigotoba_backend.store.sql import load
from shigotoba_wire.inbox import Delivery, Inbox
from shigotoba_wire.topics import shard_filters

log = logging.getLogger(__name__)

_QUERIES: Final = load("ingest.sql", package="shigotoba_backend.ingest")

LOCK_EVERY_S: Final = 1.0


class Worker:
    """One shard's worker; run it once."""

    def __init__(self, settings: BackendSettings, stop: threading.Event) -> None:
        self._settings = settings
        self._stop = stop
        self._name = f"ingest-{settings.shard}of{settings.shards}"
        self._inbox: Inbox | None = None
        self._held: list[Delivery] = []
        self._trouble = ""
        self._pauses = pauses_s(random.Random())

    def run(self) -> None:
        """Works until stopped; what has been taken by then is still stored, unless the database is away.

        Raises:
            MigrationError: The database was migrated with other files than these.
        """
        while not self._stop.is_set():
            conn = connect_when_ready(self._settings.database, self._stop)
            if conn is not None:
                self._live_once(conn)
        self._leave()

    def _live_once(self, conn: psycopg.Connection) -> None:
        try:
            with contextlib.closing(conn):
                if self._own_shard(conn):
                    self._serve(conn, self._enter())
        except (psycopg.Error, StoreUnavailableError) as error:
            self._note_trouble(error)
            self._stop.wait(next(self._pauses))

    def _own_shard(self, conn: psycopg.Connection) -> bool:
        if self._try_lock(conn):
            return True
        # The other worker uses our client id from now on: two of one id throw each other off the broker.
        self._leave()
        log.info("%s: another worker has this shard; waiting for it to end", self._name)
        while not self._stop.wait(LOCK_EVERY_S):
            if self._try_lock(conn):
                return True
        return False

    def _try_lock(self, conn: psycopg.Connection) -> bool:
        row = conn.execute(_QUERIES["try_lock_shard"], {"shard": self._settings.shard}).fetchone()
        return row is not None and bool(row[0])

    def _enter(self) -> Inbox:
        if self._inbox is None:
            filters = shard_filters(self._settings.shard, self._settings.shards)
            self._inbox = Inbox(self._settings.broker, self._name, filters, window=WINDOW)
            self._inbox.start()
            log.info("%s: has the shard", self._name)
        return self._inbox

    def _leave(self) -> None:
        if self._inbox is not None:
            self._inbox.stop()
        self._inbox = None
        self._held.clear()

    def _serve(self, conn: psycopg.Connection, inbox: Inbox) -> None:
        lookups = connect(self._settings.database)
        with contextlib.closing(lookups), ThreadPoolExecutor(1, "prepare") as clerk:
            catalogue = Catalogue(lookups)
            desk = Desk(self._held, lambda deliveries: clerk.submit(prepare, catalogue, deliveries, _now_ms()))
            while self._held or not self._stop.is_set():
                portion = desk.next(_nothing if self._stop.is_set() else inbox.take)
                if portion is None:
                    # A lock lost while nothing arrives would otherwise go unnoticed.
                    conn.execute(_QUERIES["ping"])
                else:
                    self._commit(conn, portion, inbox)
                    desk.stored()

    def _commit(self, conn: psycopg.Connection, portion: Portion, inbox: Inbox) -> None:
        deliveries, prepared = portion
        publications = commit_or_isolate(conn, deliveries, prepared.result, _now_ms())
        inbox.acknowledge(deliveries)
        for publication in publications:
            # One that does not get out is made again when the sender repeats its batch.
            inbox.publish(publication.topic, publication.payload)
        self._note_success()

    def _note_trouble(self, error: psycopg.Error | StoreUnavailableError) -> None:
        trouble = first_line(error) if isinstance(error, psycopg.Error) else str(error)
        if trouble != self._trouble:
            log.warning("%s: nothing stored (%s); holding %d deliveries", self._name, trouble, len(self._held))
        self._trouble = trouble

    def _note_success(self) -> None:
        if self._trouble:
            log.info("%s: storing again", self._name)
            self._trouble = ""
            self._pauses = pauses_s(random.Random())


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _nothing(_most: int, _within_s: float) -> list[Delivery]:
    return []


def run(settings: BackendSettings, stop: threading.Event) -> None:
    """Runs the worker of the settings' shard until ``stop`` is set."""
    Worker(settings, stop).run()
