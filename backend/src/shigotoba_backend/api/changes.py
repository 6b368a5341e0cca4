"""What has changed at a site's booths, heard from the database, for pages that show the present.

One listener per process, whoever watches; it starts with the first watcher. While it has no connection every site
counts as changed now and then, so that watchers look for themselves.

Responsible for counting changes and for telling them as server-sent events. Refuses to say what has changed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from typing import Final

import psycopg
from fastapi.responses import StreamingResponse

from shigotoba_backend.store.connection import StoreUnavailableError, connect
from shigotoba_backend.store.sql import load

log = logging.getLogger(__name__)

_QUERIES: Final = load("changes.sql", package="shigotoba_backend.api")
_LOOK_EVERY_S: Final = 0.5
_PAUSE_S: Final = 5.0
_SPEAK_EVERY_S: Final = 15.0


class Changes:
    """Counts what is told on the channel ``shigotoba_booth``: a site's number, then the booth's code."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._counts: Counter[str] = Counter()
        self._losses = 0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def count(self, topic: str) -> int:
        """A number that grows with each change of ``topic``: a site's number, or that and a booth's code."""
        self._start()
        return self._counts[topic] + self._losses

    def close(self) -> None:
        """Stops listening."""
        self._stopping.set()
        if self._thread:
            self._thread.join()

    @property
    def stopping(self) -> bool:
        """Whether the process is on its way out."""
        return self._stopping.is_set()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="changes", daemon=True)
                self._thread.start()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                with contextlib.closing(connect(self._conninfo)) as conn:
                    self._hear(conn)
            except (StoreUnavailableError, psycopg.Error) as error:
                log.warning("changes of booths are not heard: %s", error)
            self._losses += 1
            self._stopping.wait(_PAUSE_S)

    def _hear(self, conn: psycopg.Connection) -> None:
        conn.execute(_QUERIES["listen"])
        self._losses += 1  # what happened before anybody listened
        while not self._stopping.is_set():
            for told in conn.notifies(timeout=_LOOK_EVERY_S):
                self._counts[told.payload] += 1
                self._counts[told.payload.split(" ")[0]] += 1


def told(changes: Changes, topic: str, alive: Callable[[], bool] = lambda: True) -> StreamingResponse:
    """Server-sent events, one for each change of ``topic``; ends when the process does or ``alive`` says no."""
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(_events(changes, topic, alive), media_type="text/event-stream", headers=headers)


async def _events(changes: Changes, topic: str, alive: Callable[[], bool]) -> AsyncGenerator[str]:
    known, silent_s = await asyncio.to_thread(changes.count, topic), 0.0
    yield "retry: 3000\n\n"
    while not changes.stopping and alive():
        await asyncio.sleep(_LOOK_EVERY_S)
        count = changes.count(topic)
        silent_s += _LOOK_EVERY_S
        if count != known:
            known, silent_s = count, 0.0
            yield f"data: {count}\n\n"
        elif silent_s >= _SPEAK_EVERY_S:
            silent_s = 0.0
            yield ": still here\n\n"
