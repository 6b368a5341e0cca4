"""Pages that wait for the database keep nobody else waiting."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import httpx2
import psycopg
import pytest

from shigotoba_dashboard.answers import Answers
from shigotoba_dashboard.feed import connect
from shigotoba_dashboard.house import House
from shigotoba_dashboard.settings import Settings
from shigotoba_dashboard.visitors import EVERYBODY
from shigotoba_testing.desk import asked_for, first_beat
from shigotoba_testing.waiting import until

pytestmark = pytest.mark.integration

ASK = "/dashboard/_dash-update-component"
#: More than there are connections for pages, and more than asyncio has threads on two cores.
VIEWERS = 8
HELD_UP = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'shigotoba_dashboard' AND wait_event_type = 'Lock'"""


def test_while_pages_wait_open_pages_live_on_and_people_are_recognised(settled_office: Any, serve: Any):
    settings = Settings(settled_office.database, "honcho", sign_in="offered", web_url="http://127.0.0.1:8060")
    with (
        serve(settled_office, settings=settings) as address,
        httpx2.Client(base_url=address, timeout=None, headers={"Sec-Fetch-Site": "same-origin"}) as browser,
        psycopg.connect(settled_office.database) as locking,
        psycopg.connect(settled_office.database, autocommit=True) as watching,
        ThreadPoolExecutor(VIEWERS) as viewers,
    ):
        callbacks = browser.get("/dashboard/_dash-dependencies").json()
        locking.execute("LOCK TABLE shigotoba.use_day, shigotoba.use_floor_day")
        pages: list[Future[Any]] = [
            viewers.submit(browser.post, ASK, json=asked_for(callbacks, "/dashboard/seats", f"?period=2026-{month:02}"))
            for month in range(1, VIEWERS + 1)
        ]
        until(lambda: watching.execute(HELD_UP).fetchone() == (4,), what="pages that wait for a lock")

        browser.cookies.set("session", "made-up")
        beat = browser.post(ASK, json=first_beat(callbacks, "plan-counts.children")).json()["response"]

        assert "全40席" in str(beat["plan-counts"])
        assert not any(page.done() for page in pages)
        locking.rollback()
        assert all(page.result().is_success for page in pages)


def test_another_period_does_not_wait_for_what_no_period_changes(settled_office: Any):
    """Searches in vain are told month by month alone: while nobody can ask for them, another month is shown."""
    answers = Answers(partial(connect, settled_office.database), monotonic=lambda: 0.0)
    house = House(settled_office.site, answers, answers, lambda: settled_office.now)
    drawn = [house.show("/dashboard/booths", "?period=2026-09", EVERYBODY)]
    with psycopg.connect(settled_office.database) as locking:
        locking.execute("LOCK TABLE shigotoba.unmet_demand")
        drawn += [house.show("/dashboard/booths", "?period=2026-10", EVERYBODY)]
    answers.close()
    assert [each.site is not None for each in drawn] == [True, True]
