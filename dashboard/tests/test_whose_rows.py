"""Whose rows a page shows: sections, printers, single seats and whole datasets, on screen and as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.keeping import NewPerson, set_section
from shigotoba_backend.accounts.people import person_by_login
from shigotoba_backend.accounts.roles import ALLOWED, Action, Grant, Role
from shigotoba_backend.arranging.rises import HeldRise
from shigotoba_backend.read.coverage import Coverage
from shigotoba_dashboard.filters import asked_in
from shigotoba_dashboard.house import House, NoSuchPageError, NotForYouError
from shigotoba_dashboard.pages import PAGES
from shigotoba_dashboard.pages.devices.todo import tasks
from shigotoba_dashboard.records import Records
from shigotoba_dashboard.visitors import Visitor
from shigotoba_testing.visitors import Enter, enter, secrets, session_of, shown

__all__ = ["enter", "secrets"]

pytestmark = pytest.mark.integration

SEES_SECTIONS = {role for role in Role if Action.SEE_SECTIONS in ALLOWED[role]}
SENSOR_AT = """
    SELECT device.code FROM shigotoba.device JOIN shigotoba.assignment USING (device_id)
    JOIN shigotoba.space USING (space_id) WHERE space.code = %s"""


def test_a_department_sees_its_own_section_and_the_whole_and_an_executive_the_whole(
    settled_house: House, enter: Enter, settled_office: Any, secrets: dict[Role, str]
):
    settled_office.play("sections", many=2, now=settled_office.now)
    with psycopg.connect(settled_office.database, autocommit=True) as conn:
        at_one_site = NewPerson("officer-here", "担当", "honcho", grants=(Grant(Role.DEPARTMENT, "honcho"),))
        here = session_of(conn, at_one_site, settled_office.now - timedelta(days=1))
        for login in ("department", "officer-here"):
            officer = person_by_login(conn, login, settled_office.now)
            assert officer
            set_section(conn, officer.person_id, "within2", COMMAND)
    settled_house.answers.forget()
    seen = {
        role: {name for name in ("第1課", "第2課", "本庁舎") if name in shown(settled_house, "paper", visitor)}
        for role in (Role.DEPARTMENT, Role.EXECUTIVE, Role.FACILITY)
        for visitor in [enter("required", secrets[role])]
    }
    assert seen == {
        Role.DEPARTMENT: {"第2課", "本庁舎"},
        Role.EXECUTIVE: {"本庁舎"},
        Role.FACILITY: {"第1課", "第2課", "本庁舎"},
    }
    assert "第2課" not in shown(settled_house, "paper", enter("offered", None))
    offered = {
        who: {
            name
            for name in ("第1課", "第2課", "組織全体")
            if name in shown(settled_house, "data", enter(sign_in, secret))
        }
        for who, sign_in, secret in (
            ("officer", "required", here),
            ("officer who need not sign in", "offered", here),
            ("stranger", "offered", None),
        )
    }
    assert offered == {
        "officer": {"第2課"},
        "officer who need not sign in": {"第2課", "組織全体"},
        "stranger": {"組織全体"},
    }
    # What was read for somebody in Japanese is not what the next one reads in English.
    assert "the whole organisation" in shown(settled_house, "paper?lang=en", enter("required", secrets[Role.FACILITY]))


def test_whole_datasets_and_what_a_printer_said_are_for_who_sees_every_section(
    settled_house: House, enter: Enter, settled_office: Any, secrets: dict[Role, str]
):
    with psycopg.connect(settled_office.database) as conn:
        query = "SELECT device.code FROM shigotoba.device WHERE kind = 'mfp' ORDER BY code LIMIT 1"
        ((printer,),) = conn.execute(query).fetchall()
    asked = f"device={printer}"
    for visitor in (enter("off", None), enter("offered", secrets[Role.FACILITY])):
        assert settled_house.take("data", "", visitor, lambda _conn, filters: filters.site) == "honcho"
        assert settled_house.records("device", asked, "readings", visitor)[1].key == "readings"
        assert "files/datasets/printing/csv" in shown(settled_house, "data", visitor)
    for secret in (None, secrets[Role.DEPARTMENT], secrets[Role.EXECUTIVE]):
        visitor = enter("offered", secret)
        with pytest.raises(NotForYouError):
            settled_house.take("data", "", visitor, lambda _conn, filters: filters.site)
        with pytest.raises(NoSuchPageError):
            settled_house.records("device", asked, "readings", visitor)
        assert "所属別・機器別の数値は" in shown(settled_house, f"device?{asked}", visitor)
        assert "files/datasets/printing/csv" not in shown(settled_house, "data", visitor)


@pytest.mark.parametrize("role", [Role.FACILITY, Role.AUDITOR, Role.DEPARTMENT, Role.EXECUTIVE, None])
def test_the_days_of_one_seat_are_for_who_sees_every_section_on_screen_and_as_files(
    settled_house: House, enter: Enter, settled_office: Any, secrets: dict[Role, str], role: Role | None
):
    visitor = enter("offered", secrets[role] if role else None)
    with psycopg.connect(settled_office.database) as conn:
        ((sensor,),) = conn.execute(SENSOR_AT, ["3f-s05"]).fetchall()
    doors = {
        "seats-by-seat": ("seats", "", "3f-s05"),
        "space-by-day": ("space", "space=3f-s05", "space-daily-figure"),
        "readings": ("device", f"device={sensor}", "この日の測定値は"),
    }
    for key, (path, asked, told) in doors.items():
        on_screen = told in shown(settled_house, f"{path}?{asked}", visitor)
        tables = {each.key for each in tables_of(settled_house, path, asked, visitor)}
        assert (on_screen, key in tables) == ((True, True) if role in SEES_SECTIONS else (False, False)), key
    assert {"booths-by-booth"} <= {each.key for each in tables_of(settled_house, "booths", "", visitor)}
    assert "space-by-day" in {each.key for each in tables_of(settled_house, "space", "space=3f-b1", visitor)}


def tables_of(house: House, path: str, asked: str, visitor: Visitor) -> Sequence[Records]:
    """Every table that a page has for somebody."""
    page = PAGES[path]
    filters = house._filters(asked_in(asked), page, visitor)
    return page.records(house._view(page, filters), filters)


def test_the_rise_of_a_printers_counter_is_told_to_who_sees_printers(
    settled_house: House, enter: Enter, secrets: dict[Role, str]
):
    at, counter = settled_house.clock(), "impressions_copy"
    held = HeldRise(1, "honcho", "mfp-1", counter, at, at, 4, 123_460, 123_456, "too_fast", None, None, None, None, 0)
    told = {
        role: task.state
        for role in (Role.FACILITY, Role.EXECUTIVE)
        for filters in [settled_house._filters({}, PAGES["devices"], enter("required", secrets[role]))]
        for task in tasks([], Coverage((), {}, None), [], [held], filters)
    }
    assert told == {
        Role.FACILITY: "△ コピー面数が123,456増加（未計上）",
        Role.EXECUTIVE: "△ カウンターが異常に増加（未計上）",
    }


def test_a_file_that_would_be_too_long_is_not_offered_and_the_page_says_how_long_it_may_be(
    settled_house: House, enter: Enter
):
    everybody = enter("off", None)
    text = {period: shown(settled_house, f"data?period={period}", everybody) for period in ("2026-10", "FY2026")}
    assert "files/datasets/floor_use_by_quarter/csv" in text["2026-10"]
    assert "files/datasets/floor_use_by_quarter/csv" not in text["FY2026"]
    assert "1ファイルは92日までです" in text["FY2026"]


def test_rows_behind_a_number_of_the_whole_are_not_those_of_a_site(settled_house: House, enter: Enter):
    there = "data?series=copy_paper_purchased&scope=organisation:main&rows=2026-04-01..2026-10-31"
    of_a_site = replace(enter("off", None), may=lambda _action, site: site == "honcho")
    assert "登録値は0件です" in shown(settled_house, there, enter("off", None))
    assert "現在の権限では表示できません" in shown(settled_house, there, of_a_site)
