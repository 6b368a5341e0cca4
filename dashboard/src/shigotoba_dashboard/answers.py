"""Answers to the questions that addresses ask, kept for a moment so that many viewers cost what one costs.

Responsible for a few connections, for asking each question once at a time, and for saying that the database is away:
a failure is kept too, for half a second, so that twenty who wait for one page are not told one after the other.
Refuses to know the questions: a key names each, and equal keys must mean equal questions.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import psycopg

from shigotoba_backend.read.now import UnknownSiteError
from shigotoba_dashboard.feed import DatabaseAwayError, NoAnswerError, no_answer

Answer = TypeVar("Answer")

_KEPT: Final = 256
_CONNECTIONS: Final = 4
#: Who waits longer than this for one of the connections is told so rather than left waiting.
_PATIENCE_S: Final = 15.0
#: A failure stands for so long, so that who waited for the same answer hears of it at once instead of trying in turn.
_FAILED_FOR_S: Final = 0.5


class Answers:
    """Shared answers.

    Args:
        connect: Opens a connection.
        monotonic: Seconds on a clock that never steps.
    """

    def __init__(
        self, connect: Callable[[], psycopg.Connection], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._connect = connect
        self._monotonic = monotonic
        self._kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._asking: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()
        self._idle: queue.Queue[psycopg.Connection | None] = queue.Queue()
        for _ in range(_CONNECTIONS):
            self._idle.put(None)

    def get(self, key: Hashable, fresh_for_s: float, ask: Callable[[psycopg.Connection], Answer]) -> Answer:
        """The answer to the question called ``key``, at most ``fresh_for_s`` old.

        Raises:
            NoAnswerError: The database gave none.
        """
        with self._one_at_a_time(key):
            found = self._kept.get(key)
            if found is None or not _stands(found[1], self._monotonic() - found[0], fresh_for_s):
                found = self._keep(key, self._tried(ask))
            if isinstance(found[1], NoAnswerError):
                raise type(found[1])(*found[1].args)
            return found[1]

    def ask(self, question: Callable[[psycopg.Connection], Answer]) -> Answer:
        """An answer that is not kept.

        Raises:
            NoAnswerError: The database gave none.
        """
        return self._ask(question)

    def forget(self) -> None:
        """Everything is asked anew; for who has just changed something."""
        with self._lock:
            self._kept.clear()

    def close(self) -> None:
        """Gives the idle connections back; another question opens others."""
        for _ in range(_CONNECTIONS):
            conn = self._idle.get(timeout=_PATIENCE_S)
            if conn is not None:
                conn.close()
            self._idle.put(None)

    def _ask(self, question: Callable[[psycopg.Connection], Answer]) -> Answer:
        try:
            with self._borrowed() as conn, conn.transaction():
                return question(conn)
        except (psycopg.Error, UnknownSiteError) as error:
            raise no_answer(error) from error

    def _tried(self, question: Callable[[psycopg.Connection], Answer]) -> Answer | NoAnswerError:
        try:
            return self._ask(question)
        except NoAnswerError as error:
            return error

    def _keep(self, key: Hashable, answer: object) -> tuple[float, Any]:
        with self._lock:
            kept = self._kept[key] = (self._monotonic(), answer)
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return kept

    @contextmanager
    def _one_at_a_time(self, key: Hashable) -> Generator[None]:
        with self._lock:
            lock = self._asking.setdefault(key, threading.Lock())
        try:
            with lock:
                yield
        finally:
            with self._lock:
                self._asking.pop(key, None)

    @contextmanager
    def _borrowed(self) -> Generator[psycopg.Connection]:
        try:
            idle = self._idle.get(timeout=_PATIENCE_S)
        except queue.Empty as error:
            raise DatabaseAwayError("every connection is busy") from error
        conn = None
        try:
            conn = idle if idle is not None and not idle.closed else self._connect()
            yield conn
        finally:
            self._idle.put(conn if conn is not None and not conn.broken else None)


def _stands(answer: object, age_s: float, fresh_for_s: float) -> bool:
    return age_s < (_FAILED_FOR_S if isinstance(answer, NoAnswerError) else fresh_for_s)
