"""The ingest worker of one shard: take, commit, acknowledge, tell.

A session lock in PostgreSQL makes it the only one of its shard. The lock belongs to the very connection that stores,
so whoever has lost the lock cannot commit either. While the database is away the worker holds what it has taken and
acknowledges nothing; the broker keeps the rest.

Responsible for owning the shard and for patience. Refuses to look into messages (see ``pipeline``).
"""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

import psycopg

from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.pipeline import store_or_isolate
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.connection import connect_when_ready, first_line, pauses_s
from shigotoba_backend.store.sql import load
from shigotoba_wire.inbox import Delivery, Inbox
from shigotoba_wire.topics import shard_filters

log = logging.getLogger(__name__)

_QUERIES: Final = load("ingest.sql", package="shigotoba_backend.ingest")

MOST_DELIVERIES: Final = 500
"""Taken at once, and the broker's window: it sends no more while so many are not acknowledged."""

MOST_BYTES: Final = 2 * 1024 * 1024
"""Of payload in one commit, some 40,000 readings: keeps a commit well under a second."""

IDLE_S: Final = 0.5
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
        except psycopg.Error as error:
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
            self._inbox = Inbox(self._settings.broker, self._name, filters, window=MOST_DELIVERIES)
            self._inbox.start()
            log.info("%s: has the shard", self._name)
        return self._inbox

    def _leave(self) -> None:
        if self._inbox is not None:
            self._inbox.stop()
        self._inbox = None
        self._held = []

    def _serve(self, conn: psycopg.Connection, inbox: Inbox) -> None:
        catalogue = Catalogue(conn)
        while self._held or not self._stop.is_set():
            self._held = self._held or inbox.take(MOST_DELIVERIES, IDLE_S)
            if self._held:
                self._commit_portion(conn, catalogue, inbox)
            else:
                # A lock lost while nothing arrives would otherwise go unnoticed.
                conn.execute(_QUERIES["ping"])

    def _commit_portion(self, conn: psycopg.Connection, catalogue: Catalogue, inbox: Inbox) -> None:
        count = portion(self._held)
        deliveries = self._held[:count]
        publications = store_or_isolate(conn, catalogue, deliveries, time.time_ns() // 1_000_000)
        self._held = self._held[count:]
        inbox.acknowledge(deliveries)
        for publication in publications:
            # One that does not get out is made again when the sender repeats its batch.
            inbox.publish(publication.topic, publication.payload)
        self._note_success()

    def _note_trouble(self, error: psycopg.Error) -> None:
        trouble = first_line(error)
        if trouble != self._trouble:
            log.warning("%s: nothing stored (%s); holding %d deliveries", self._name, trouble, len(self._held))
        self._trouble = trouble

    def _note_success(self) -> None:
        if self._trouble:
            log.info("%s: storing again", self._name)
            self._trouble = ""
            self._pauses = pauses_s(random.Random())


def portion(deliveries: Sequence[Delivery]) -> int:
    """How many of the deliveries, at least one, go into one commit."""
    sizes: Iterator[int] = accumulate(len(delivery.payload) for delivery in deliveries)
    return max(1, sum(size <= MOST_BYTES for size in sizes))


def run(settings: BackendSettings, stop: threading.Event) -> None:
    """Runs the worker of the settings' shard until ``stop`` is set."""
    Worker(settings, stop).run()
