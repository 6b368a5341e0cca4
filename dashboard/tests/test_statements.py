"""How often a page asks the database: as often for a ministry as for a village, in March as in April."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar

import psycopg
import pytest
from psycopg.abc import Params, Query

from shigotoba_dashboard.answers import Answers
from shigotoba_dashboard.feed import connect
from shigotoba_dashboard.house import House
from shigotoba_dashboard.pages.overview import TOPICS
from shigotoba_dashboard.questions import first_answered
from shigotoba_dashboard.visitors import EVERYBODY

pytestmark = pytest.mark.integration

APRIL, MARCH = datetime(2026, 4, 20, tzinfo=UTC), datetime(2027, 3, 20, tzinfo=UTC)


class _Counting(psycopg.Cursor[Any]):
    """A cursor that notes what it runs."""

    ran: ClassVar[list[Query]] = []

    def execute(self, query: Query, params: Params | None = None, **how: Any) -> _Counting:
        self.ran.append(query)
        return super().execute(query, params, **how)


def _counted(conninfo: str) -> psycopg.Connection:
    connection = connect(conninfo)
    connection.cursor_factory = _Counting
    return connection


@pytest.fixture
def house(empty_office) -> Iterator[House]:
    answers = Answers(partial(_counted, empty_office.database))
    yield House(empty_office.site, answers, answers, lambda: empty_office.now)
    answers.close()


def statements(house: House, page: str) -> int:
    """How many it takes to show the page."""
    house.answers.forget()
    _Counting.ran.clear()
    house.show(f"/dashboard/{page}", "", EVERYBODY)
    return len(_Counting.ran)


def parts(house: House) -> list[object]:
    """Figures of sections that the paper page shows."""
    _filters, table = house.records("paper", "lang=en", "paper-by-part", EVERYBODY)
    return [row[3] for row in table.rows if row[0] == "Section"]


def test_a_page_asks_no_more_often_for_many_sections(house, empty_office):
    empty_office.play("sections", many=1)
    few = [statements(house, page) for page in ("paper", "booths")]
    assert parts(house) == [100.0]
    empty_office.play("sections", many=40)
    assert [statements(house, page) for page in ("paper", "booths")] == few
    assert parts(house) == [100.0] * 40


def test_topics_asked_together_have_the_answers_of_each_asked_alone(empty_office):
    empty_office.play("sections", many=1)
    topics = [questions for _title, _path, questions in TOPICS]
    asked = ("honcho", empty_office.now.date(), empty_office.now)
    with connect(empty_office.database) as conn:
        together = first_answered(conn, topics, *asked)
        alone = [found for topic in topics for found in first_answered(conn, [topic], *asked)]
    assert repr(list(together)) == repr(alone)
    assert {found.entry.key for found in together} >= {"impressions", "electronic_decision_rate"}


@pytest.mark.parametrize("page", ["", "paper", "booths"])
def test_a_page_asks_no_more_often_late_in_the_year(house, page):
    early, late = replace(house, clock=lambda: APRIL), replace(house, clock=lambda: MARCH)
    assert statements(early, page) == statements(late, page) > 0
