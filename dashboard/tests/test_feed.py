from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import psycopg
import pytest

from shigotoba_dashboard.feed import DatabaseAwayError, DatabaseEmptyError, Feed, connect

pytestmark = pytest.mark.integration


class Counter:
    """A question that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, conn: psycopg.Connection) -> int:
        self.asked += 1
        conn.execute("SELECT 1")
        return self.asked


class Clock:
    """Seconds that pass when told."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def question() -> Counter:
    return Counter()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def feed(office: Any, question: Counter, clock: Clock) -> Feed[int]:
    return Feed(question, partial(connect, office.database), fresh_for_s=1.0, retry_after_s=1.0, monotonic=clock)


def test_viewers_share_an_answer_while_it_is_fresh(feed: Feed[int], question: Counter, clock: Clock):
    assert [feed.get() for _viewer in range(20)] == [1] * 20
    clock.now_s = 1.0
    assert feed.get() == 2
    feed.close()


def test_a_database_that_went_away_is_said_to_be_away_and_asked_again_later(office: Any, feed: Feed[int], clock: Clock):
    feed.get()
    with office.away():
        clock.now_s = 1.0
        with pytest.raises(DatabaseAwayError):
            feed.get()
    clock.now_s = 1.5
    with pytest.raises(DatabaseAwayError):
        feed.get()
    clock.now_s = 2.0
    assert feed.get() == 2
    feed.close()


def test_viewers_see_the_last_answer_while_a_slow_one_is_on_its_way(database: str, clock: Clock):
    begun, done = threading.Event(), threading.Event()

    def ask(_conn: psycopg.Connection) -> str:
        if clock.now_s:
            begun.set()
            done.wait()
        return f"at {clock.now_s:.0f}"

    feed = Feed(ask, partial(connect, database), fresh_for_s=1.0, monotonic=clock)
    feed.get()
    clock.now_s = 1.0
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(feed.get)
        begun.wait()
        assert feed.get() == "at 0"
        done.set()
        assert slow.result() == "at 1"
    feed.close()


def test_a_server_that_is_not_there_is_away():
    feed = Feed(Counter(), partial(connect, "host=/nonexistent dbname=shigotoba"), fresh_for_s=1.0)
    with pytest.raises(DatabaseAwayError, match="nonexistent"):
        feed.get()


def test_a_database_without_our_tables_is_not_ready(empty_database: str):
    site = "SELECT FROM shigotoba.site"
    feed = Feed(lambda conn: conn.execute(site), partial(connect, empty_database), fresh_for_s=1.0)
    with pytest.raises(DatabaseEmptyError, match="shigotoba"):
        feed.get()


def test_a_page_cannot_write(database: str):
    with connect(database) as conn, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        conn.execute("CREATE TABLE scribble ()")
