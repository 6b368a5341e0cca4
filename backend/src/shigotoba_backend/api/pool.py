"""A few connections to the database, shared by the requests.

A request borrows one and gives it back; one that died or was left in a transaction is closed, and the next borrower
gets a new one. Requests queue for a turn without holding a thread: threads that wait for a connection would keep those
that have one from being served. Responsible for lending. Refuses to grow beyond its size: whoever waits too long is
told so.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final

import psycopg
from psycopg.pq import TransactionStatus

from shigotoba_backend.store.connection import StoreUnavailableError, connect

_PATIENCE_S: Final = 5.0
_TURN_S: Final = 20.0


class Pool:
    """At most ``size`` connections to ``conninfo``, opened when first needed."""

    def __init__(self, conninfo: str, size: int) -> None:
        self._conninfo = conninfo
        self._size = size
        self._turns: asyncio.Semaphore | None = None
        self._places = threading.BoundedSemaphore(size)
        self._idle: list[psycopg.Connection] = []
        self._closed = False

    @contextmanager
    def borrow(self) -> Generator[psycopg.Connection]:
        """A connection in autocommit mode, for as long as the block lasts.

        Raises:
            StoreUnavailableError: None became free in time, or the database does not answer.
        """
        if not self._places.acquire(timeout=_PATIENCE_S):
            raise StoreUnavailableError("every connection to the database is in use")
        try:
            conn = self._take()
            try:
                yield conn
            finally:
                self._give_back(conn)
        finally:
            self._places.release()

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Waits until a connection can be borrowed at once, on the event loop.

        Raises:
            StoreUnavailableError: None became free in time.
        """
        if self._turns is None:
            self._turns = asyncio.Semaphore(self._size)
        try:
            await asyncio.wait_for(self._turns.acquire(), _TURN_S)
        except TimeoutError:
            raise StoreUnavailableError("every connection to the database is in use") from None
        try:
            yield
        finally:
            self._turns.release()

    def close(self) -> None:
        """Closes what is idle; what is lent is closed when it comes back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> psycopg.Connection:
        with suppress(IndexError):
            return self._idle.pop()
        return connect(self._conninfo)

    def _give_back(self, conn: psycopg.Connection) -> None:
        if self._closed or conn.info.transaction_status is not TransactionStatus.IDLE:
            conn.close()
        else:
            self._idle.append(conn)
