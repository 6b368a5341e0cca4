"""One question to the database, asked once for everybody who looks.

Responsible for a kept connection, for sharing a fresh answer among viewers, and for saying that the database is away.
An answer is shared for ``fresh_for_s``, so twenty open pages cost what one costs; a failure is remembered for
``retry_after_s``, so that pages hear about it at once instead of queueing behind a connection attempt. Refuses to
know the question.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

import psycopg
from psycopg import errors

from shigotoba_backend.read.now import UnknownSiteError

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

#: A server that does not answer must not hold a page for longer than this.
_CONNECT_TIMEOUT_S: Final = 3
_STATEMENT_TIMEOUT_MS: Final = 10_000
#: A cut cable must be noticed in seconds; TCP by itself takes a quarter of an hour.
_SILENCE_TIMEOUT_MS: Final = 5_000


class NoAnswerError(Exception):
    """The database was asked and gave no answer; the message is its first line."""


class DatabaseAwayError(NoAnswerError):
    """It cannot be reached, or did not finish in time."""


class DatabaseEmptyError(NoAnswerError):
    """It answers, but the tables or the site are not there yet."""


def connect(conninfo: str) -> psycopg.Connection:
    """A connection for reading only, in which one transaction sees one state of the data.

    Raises:
        psycopg.OperationalError: Nobody answers, or the server refuses.
    """
    connection = _connect(conninfo, "-c default_transaction_read_only=on")
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    return connection


def connect_to_change(conninfo: str) -> psycopg.Connection:
    """A connection for who changes something.

    Raises:
        psycopg.OperationalError: Nobody answers, or the server refuses.
    """
    return _connect(conninfo, "")


def _connect(conninfo: str, options: str) -> psycopg.Connection:
    return psycopg.connect(
        conninfo,
        autocommit=True,
        connect_timeout=_CONNECT_TIMEOUT_S,
        options=f"-c statement_timeout={_STATEMENT_TIMEOUT_MS} {options}",
        application_name="shigotoba_dashboard",
        tcp_user_timeout=_SILENCE_TIMEOUT_MS,
        keepalives_idle=_SILENCE_TIMEOUT_MS // 1_000,
    )


class Feed(Generic[Answer]):
    """The answer to one question, at most ``fresh_for_s`` old.

    Args:
        ask: The question, put to an open connection.
        connect: Opens a connection.
        fresh_for_s: How long one answer serves everybody, in seconds.
        retry_after_s: How long a failure stands before the database is tried again, in seconds.
        monotonic: Seconds on a clock that never steps.
    """

    def __init__(
        self,
        ask: Callable[[psycopg.Connection], Answer],
        connect: Callable[[], psycopg.Connection],
        fresh_for_s: float,
        retry_after_s: float = 0.5,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._connect = connect
        self._fresh_for_s = fresh_for_s
        self._retry_after_s = retry_after_s
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._connection: psycopg.Connection | None = None
        self._last: Answer | NoAnswerError | None = None
        self._good_until = 0.0

    def get(self) -> Answer:
        """A fresh answer; the last one while somebody else is waiting for a fresh one.

        Raises:
            NoAnswerError: There was none now, or a moment ago.
        """
        if not self._is_fresh() and self._lock.acquire(blocking=self._last is None):
            try:
                self._renew_unless_done()
            finally:
                self._lock.release()
        if isinstance(self._last, NoAnswerError):
            raise type(self._last)(*self._last.args)
        assert self._last is not None
        return self._last

    def _is_fresh(self) -> bool:
        return self._last is not None and self._monotonic() < self._good_until

    def _renew_unless_done(self) -> None:
        if not self._is_fresh():
            self._renew()

    def _renew(self) -> None:
        before = self._last
        try:
            self._last = self._answer()
        except (psycopg.Error, UnknownSiteError) as error:
            self._last = no_answer(error)
            self.close()
        failed = isinstance(self._last, NoAnswerError)
        self._good_until = self._monotonic() + (self._retry_after_s if failed else self._fresh_for_s)
        _note_change(before, self._last)

    def _answer(self) -> Answer:
        if self._connection is None or self._connection.closed:
            self._connection = self._connect()
        with self._connection.transaction():
            return self._ask(self._connection)

    def close(self) -> None:
        """Gives the connection back; the next question opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def no_answer(error: psycopg.Error | UnknownSiteError) -> NoAnswerError:
    """What an error means to somebody who wanted an answer."""
    unprepared = (UnknownSiteError, errors.UndefinedTable, errors.UndefinedColumn, errors.InvalidSchemaName)
    kind = DatabaseEmptyError if isinstance(error, unprepared) else DatabaseAwayError
    return kind(str(error).partition("\n")[0])


def _note_change(before: object, after: object) -> None:
    if isinstance(after, NoAnswerError) and not isinstance(before, NoAnswerError):
        _log.warning("the database gives no answer: %s", after)
    if isinstance(before, NoAnswerError) and not isinstance(after, NoAnswerError):
        _log.info("the database answers again")
