from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import psycopg
import pytest

from shigotoba_dashboard.answers import Answers
from shigotoba_dashboard.feed import NoAnswerError, connect

pytestmark = pytest.mark.integration


def one(conn: psycopg.Connection) -> int:
    row = conn.execute("SELECT 1").fetchone()
    assert row is not None
    return int(row[0])


def test_equal_questions_are_asked_once_while_the_answer_is_fresh_by_twenty_at_a_time(database: str):
    now, asked = [0.0], list[int]()
    answers = Answers(partial(connect, database), monotonic=lambda: now[0])

    def ask(conn: psycopg.Connection) -> int:
        asked.append(1)
        return one(conn)

    viewers = [threading.Thread(target=answers.get, args=("seats", 10.0, ask)) for _ in range(20)]
    for viewer in viewers:
        viewer.start()
    for viewer in viewers:
        viewer.join()
    assert len(asked) == 1
    now[0] = 10.5
    answers.get("seats", 10.0, ask)
    assert len(asked) == 2
    answers.close()


def test_an_away_database_is_told_and_asked_again_when_it_is_back(bare_office: Any):
    answers = Answers(partial(connect, bare_office.database))
    assert answers.ask(one) == 1
    with bare_office.away(), pytest.raises(NoAnswerError):
        answers.ask(one)
    assert answers.ask(one) == 1
    answers.close()


def test_a_failure_is_told_to_everybody_who_waited_for_it_and_asked_anew_half_a_second_later(database: str):
    now, asked = [0.0], list[int]()
    answers = Answers(partial(connect, database), monotonic=lambda: now[0])

    def ask(conn: psycopg.Connection) -> object:
        asked.append(1)
        return conn.execute("SELECT 1 / 0").fetchone()

    def told(_viewer: int) -> str:
        with pytest.raises(NoAnswerError) as refused:
            answers.get("seats", 10.0, ask)
        return str(refused.value)

    with ThreadPoolExecutor(8) as viewers:
        assert set(viewers.map(told, range(8))) == {"division by zero"}
    assert len(asked) == 1
    now[0] = 0.6
    told(1)
    assert len(asked) == 2
    answers.close()


def test_pages_may_read_and_nothing_else(database: str):
    answers = Answers(partial(connect, database))
    with pytest.raises(NoAnswerError, match="read-only"):
        answers.ask(lambda conn: conn.execute("CREATE TABLE x ()"))
    answers.close()
