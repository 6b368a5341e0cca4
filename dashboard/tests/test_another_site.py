"""Two sites of one organisation: who works for the one sees no figure of the other, whichever way it is asked for.

Free places are everybody's who travels (``TRAVELLING``): オフィスの今日 opens for other sites too, nothing else does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx2
import psycopg
import pytest

from shigotoba_backend.accounts.keeping import NewPerson
from shigotoba_backend.accounts.roles import ALLOWED, TRAVELLING, Grant, Role, allows
from shigotoba_dashboard.house import House, NotForYouError, Sent
from shigotoba_dashboard.pages import PAGES
from shigotoba_dashboard.settings import Settings
from shigotoba_dashboard.visitors import Visitor
from shigotoba_testing.desk import asked_for, first_beat
from shigotoba_testing.visitors import WEB, session_of, shown

pytestmark = pytest.mark.integration

#: Whatever the other site has, has one of these; numbers are of its printers, holes and searches.
THERE = ("midori", "みどり", "Midori", "gw-midori", "70007", "70,007", "88,008,808", "wrong_type", "値の種類が")
#: Every way in which an address names something of another site.
WAYS = (
    "site=midori&floor=m1&space=m1-seat2&device=midori-m1-equipment1",
    "scope=floor:midori/m1&series=copy_paper_purchased&rows=2026-04-01..2026-10-31&figure=fax_pages",
)
#: Rows of places, of devices and of what somebody decides.
SOME_DATASETS = ("space_use", "held_rises", "printing")


@pytest.fixture(scope="module")
def both(settled_office: Any) -> Any:
    """The office, and another site beside it."""
    settled_office.play("another_site")
    return settled_office


def officer_of(site: str) -> Visitor:
    """Who manages one site."""
    return Visitor("担当", None, lambda action, at: allows([Grant(Role.SITE_ADMIN, site)], action, at))


FIGURES = [page for page in PAGES.values() if page.needs in ALLOWED[Role.SITE_ADMIN] - TRAVELLING]


def told_of(text: str) -> set[str]:
    return {mark for mark in THERE if mark in text}


@pytest.mark.parametrize("way", WAYS)
def test_no_page_shows_anything_of_another_site_however_it_is_named(both: Any, settled_house: House, way: str):
    here = officer_of("honcho")
    asked = {value for pair in way.split("&") for value in [pair.partition("=")[2]]}
    for page in FIGURES:
        text = shown(settled_house, f"{page.path}?{way}", here)
        # What the address says stands in links and in "there is no … called …".
        for value in asked:
            text = text.replace(value, "").replace(quote(value, safe=""), "")
        assert told_of(text) == set(), page.path


def test_whoever_may_see_the_other_site_does_see_it(both: Any, settled_house: House):
    there = officer_of("midori")
    for path in ("booths", "seats", "devices", "settings", "floor-plan"):
        assert "みどり" in shown(settled_house, path, there), path
    assert told_of(shown(settled_house, "devices", there)) >= {"gw-midori", "88,008,808"}


def test_no_file_or_change_of_another_site_is_to_be_had(both: Any, settled_house: House):
    here = officer_of("honcho")
    for page in FIGURES:
        filters = settled_house._filters({"site": "midori"}, page, here)
        assert filters.site == "honcho", page.path
        for records in page.records(settled_house._view(page, filters), filters):
            assert told_of(str(records.rows)) == set(), records.key
        for name in page.changes:
            with pytest.raises(NotForYouError):
                settled_house.change(page.path, name, Sent({"site": "midori"}), here)
    with pytest.raises(NotForYouError):
        settled_house.records("today", "site=midori", "seats", here)
    assert settled_house.take("data", "site=midori", here, lambda _conn, filters: filters.site) == "honcho"


@pytest.fixture(scope="module")
def signed_in(both: Any, serve: Any) -> Iterator[httpx2.Client]:
    """A browser of somebody who works for the first site alone."""
    settings = Settings(both.database, "honcho", sign_in="required", web_url=WEB)
    began = both.now - timedelta(hours=1)
    with psycopg.connect(both.database, autocommit=True) as conn:
        new = NewPerson("officer", "担当", "honcho", grants=(Grant(Role.SITE_ADMIN, "honcho"),))
        secret = session_of(conn, new, began)
    headers = {"Sec-Fetch-Site": "same-origin"}
    with (
        serve(both, settings=settings) as address,
        httpx2.Client(base_url=address, headers=headers, timeout=None, cookies={"session": secret}) as browser,
    ):
        yield browser


def test_open_pages_hear_nothing_of_another_site(signed_in: httpx2.Client):
    callbacks = signed_in.get("/dashboard/_dash-dependencies").json()
    ask = "/dashboard/_dash-update-component"
    beats = [each for each in callbacks if any(given["id"].startswith("asked-") for given in each["inputs"])]
    assert len(beats) >= 4
    for beat in beats:
        heard = signed_in.post(ask, json=first_beat(callbacks, beat["output"], site="honcho")).json()
        assert told_of(json.dumps(heard, ensure_ascii=False)) == set(), beat["output"]
    (plan,) = (beat for beat in beats if "plan-counts.children" in beat["output"])
    assert "全40席" in str(signed_in.post(ask, json=first_beat(callbacks, plan["output"], site="honcho")).json())
    assert "全" not in str(signed_in.post(ask, json=first_beat(callbacks, plan["output"], site="midori")).json())
    text = signed_in.post(ask, json=asked_for(callbacks, "/dashboard/seats", "?site=midori")).text
    assert told_of(text) <= {"midori"}, "the address is in links"


@pytest.mark.parametrize("dataset", SOME_DATASETS)
def test_a_dataset_of_another_site_comes_as_ones_own(signed_in: httpx2.Client, dataset: str):
    answer = signed_in.get(f"/dashboard/files/datasets/{dataset}/csv?site=midori&period=2026-11")
    assert answer.status_code in {200, 403, 422}, answer.text
    assert told_of(answer.text) == set()
