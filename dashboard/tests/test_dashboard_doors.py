"""Who may open which page: every page of the house times every role, from one table."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import psycopg
import pytest
from dash._utils import to_json
from starlette.requests import HTTPConnection

from shigotoba_backend.accounts import sessions
from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.keeping import NewPerson, create_person, set_section
from shigotoba_backend.accounts.people import person_by_login
from shigotoba_backend.accounts.roles import ALLOWED, Action, Grant, Role
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.arranging.rises import HeldRise
from shigotoba_backend.read.coverage import Coverage
from shigotoba_dashboard.filters import asked_in
from shigotoba_dashboard.guard import Admission
from shigotoba_dashboard.house import House, NoSuchPageError, NotForYouError, Sent
from shigotoba_dashboard.pages import PAGES
from shigotoba_dashboard.pages.devices.todo import tasks
from shigotoba_dashboard.records import Records
from shigotoba_dashboard.settings import Settings, SignIn
from shigotoba_dashboard.visitors import SEEN_WITHOUT_SIGN_IN, Visitor

pytestmark = pytest.mark.integration

#: Titles of what stands in the place of a page.
NOT_OPEN = re.compile(r'^\["(このページを見る権限がありません|サインインが必要です)')
SEES_SECTIONS = {role for role in Role if Action.SEE_SECTIONS in ALLOWED[role]}
SENSOR_AT = """
    SELECT device.code FROM shigotoba.device JOIN shigotoba.assignment USING (device_id)
    JOIN shigotoba.space USING (space_id) WHERE space.code = %s"""
WEB = "http://127.0.0.1:8060"


def name_of(role: Role) -> str:
    """A name that is on no page by chance."""
    return f"氏名{role.value}"


@pytest.fixture(scope="module")
def secrets(settled_office: Any) -> dict[Role, str]:
    """A session for somebody in each role."""
    with psycopg.connect(settled_office.database, autocommit=True) as conn:
        began = settled_office.now - timedelta(days=1)
        people = {
            role: create_person(
                conn, NewPerson(role.value, name_of(role), "honcho", grants=(Grant(role),)), COMMAND, began
            )
            for role in Role
        }
        return {role: sessions.begin(conn, person, timedelta(days=9), began) for role, person in people.items()}


Enter = Callable[[SignIn, "str | None"], Visitor]


@pytest.fixture(scope="module")
def enter(settled_office: Any, settled_house: House) -> Enter:
    """Whoever comes in with that secret, where one signs in like that."""

    def visitor(sign_in: SignIn, secret: str | None) -> Visitor:
        settings = Settings(settled_office.database, "honcho", sign_in=sign_in, web_url=WEB)
        headers = [(b"cookie", f"session={secret}".encode())] if secret else []
        admission = Admission(settings, settled_house.desk, settled_house.clock)
        return asyncio.run(admission.admit(HTTPConnection({"type": "http", "headers": headers}))).visitor

    return visitor


def shown(house: House, address: str, visitor: Visitor) -> str:
    """Everything an address shows, as JSON."""
    path, _, search = address.partition("?")
    drawn = house.show(f"/dashboard/{path}", search, visitor)
    return json.dumps(json.loads(to_json([drawn.title, drawn.menu, drawn.content])), ensure_ascii=False)


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_the_pages_that_the_matrix_opens_to_it_and_nobody_elses_name(
    settled_house: House, enter: Enter, secrets: dict[Role, str], role: Role
):
    visitor = enter("required", secrets[role])
    assert visitor.name == name_of(role)
    for page in PAGES.values():
        text = shown(settled_house, page.path, visitor)
        assert (NOT_OPEN.search(text) is None) == (page.needs in ALLOWED[role]), page.path
        assert {other for other in Role if name_of(other) in text} <= {role}, page.path


@pytest.mark.parametrize("sign_in", ["off", "offered", "required"])
def test_a_stranger_sees_figures_unless_signing_in_is_required_and_never_a_name(
    settled_house: House, enter: Enter, secrets: dict[Role, str], sign_in: SignIn
):
    for stranger in (enter(sign_in, None), enter(sign_in, "made-up")):
        assert stranger.person_id is None
        for page in PAGES.values():
            text = shown(settled_house, page.path, stranger)
            open_to_all = sign_in != "required" and page.needs in SEEN_WITHOUT_SIGN_IN
            assert (NOT_OPEN.search(text) is None) == open_to_all, page.path
            assert "氏名" not in text


def test_a_session_counts_for_nothing_where_nobody_signs_in(enter: Enter, secrets: dict[Role, str]):
    assert enter("off", secrets[Role.ORGANISATION_ADMIN]).person_id is None


@pytest.fixture(scope="module")
def closed(settled_office: Any, serve: Any) -> Iterator[str]:
    """A dashboard that shows nothing without signing in."""
    settings = Settings(settled_office.database, "honcho", sign_in="required", web_url=WEB)
    with serve(settled_office, settings=settings) as address:
        yield address


def test_questions_files_and_changes_are_closed_like_pages(closed: str, secrets: dict[Role, str], settled_office: Any):
    with httpx2.Client(base_url=closed, timeout=60) as stranger:
        layout = stranger.get("/dashboard/_dash-dependencies").json()
        live = next(each for each in layout if "seat-counts.children" in each["output"])
        asked = question(live)
        unseen = stranger.post("/dashboard/_dash-update-component", json=asked).json()["response"]
        assert "seat-counts" not in unseen
        masthead = question(next(each for each in layout if "trouble.children" in each["output"]))
        stopped = stranger.post("/dashboard/_dash-update-component", json=masthead).json()["response"]
        assert "もう一度サインインする" in json.dumps(stopped["trouble"], ensure_ascii=False)
        assert "停止中" in json.dumps(stopped["indicator"], ensure_ascii=False)
        assert stranger.get("/dashboard/files/seats/seats-by-day.csv").status_code == 403
        assert stranger.post("/dashboard/changes/seats/nothing", data={"site": "honcho"}).status_code == 404
        document = stranger.get("/dashboard/seats?floor=3f", headers={"Sec-Fetch-Dest": "document"})
        assert document.status_code == 303
        assert document.headers["location"] == f"{WEB}/sign-in?back=/dashboard/seats%3Ffloor%3D3f"
        stranger.cookies.set("session", secrets[Role.FACILITY])
        headers = {"Sec-Fetch-Site": "same-origin"}
        seen = stranger.post("/dashboard/_dash-update-component", json=asked, headers=headers).json()["response"]
        assert "seat-counts" in seen
        assert stranger.get("/dashboard/files/seats/seats-by-day.csv").status_code == 200
        with psycopg.connect(settled_office.database) as conn:
            noted = "SELECT object FROM shigotoba.audit_log WHERE action = 'export.download'"
            assert conn.execute(noted).fetchall() == [("table:seats/seats-by-day.csv",)]
        foreign = stranger.post("/dashboard/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403


def test_an_open_page_that_asks_by_itself_is_no_use_of_a_session(settled_office: Any, settled_house: House):
    now = settled_office.now

    def admission_at(at: datetime) -> Admission:
        settings = Settings(settled_office.database, "honcho", sign_in="required", web_url=WEB, session_idle_h=1)
        return Admission(settings, settled_house.desk, lambda: at)

    def visitor_at(minutes: int) -> Visitor:
        asked = HTTPConnection({"type": "http", "headers": [(b"cookie", f"session={secret}".encode())]})
        return asyncio.run(admission_at(now + timedelta(minutes=minutes)).admit(asked)).visitor

    with psycopg.connect(settled_office.database, autocommit=True) as conn:
        person = create_person(conn, NewPerson("left-open", "", "honcho", grants=(Grant(Role.FACILITY),)), COMMAND, now)
        secret = sessions.begin(conn, person, timedelta(days=9), now)
        assert visitor_at(30).person_id == visitor_at(59).person_id == person
        assert visitor_at(60).person_id is None
        visitor_at(59).used()
        assert visitor_at(118).person_id == person


def question(callback: dict[str, Any]) -> dict[str, Any]:
    """A first beat, as a browser asks."""
    outputs = [part.rsplit(".", 1) for part in callback["output"].strip(".").split("...")]
    return {
        "output": callback["output"],
        "outputs": [{"id": name, "property": prop} for name, prop in outputs],
        "inputs": [{**each, "value": 1} for each in callback["inputs"]],
        "state": [{**each, "value": {} if each["id"].startswith("seen") else None} for each in callback["state"]],
        "changedPropIds": [f"{each['id']}.{each['property']}" for each in callback["inputs"]],
    }


@pytest.mark.usefixtures("secrets")
def test_signing_out_ends_the_session_everywhere(closed: str, settled_office: Any):
    with psycopg.connect(settled_office.database, autocommit=True) as conn:
        staff = person_by_login(conn, "staff", settled_office.now)
        assert staff
        secret = sessions.begin(conn, staff.person_id, timedelta(days=9), settled_office.now)
        with httpx2.Client(base_url=closed) as browser:
            browser.cookies.set("session", secret)
            left = browser.post("/dashboard/sign-out", headers={"Sec-Fetch-Site": "same-origin"})
        assert left.status_code == 303
        assert "session=;" in left.headers["set-cookie"]
        digest = sessions.digest_of(secret)
        assert conn.execute("SELECT FROM shigotoba.session WHERE digest = %s", [digest]).fetchone() is None
        ended = "SELECT actor_id FROM shigotoba.audit_log WHERE action = 'session.end'"
        assert conn.execute(ended).fetchall() == [(staff.person_id,)]


def test_the_log_tells_people_by_number_and_one_name_for_a_reason_to_who_may(
    settled_house: House, enter: Enter, settled_office: Any, secrets: dict[Role, str]
):
    # The log's times are the database's; what was done just now is there without choosing a period.
    house = replace(settled_house, clock=lambda: datetime.now(UTC))
    auditor = enter("offered", secrets[Role.AUDITOR])
    text = shown(house, "audit?topic=role", auditor)
    assert "役割の付与" in text
    assert "サーバー上のコマンド" in text
    _filters, records = house.records("audit", "topic=role", "audit-log", auditor)
    assert {row[2] for row in records.rows} == {"role.grant"}

    sent = {"site": "honcho", "person": str(auditor.person_id), "reason": "点検"}
    with pytest.raises(NotForYouError):
        settled_house.change("audit", "name", Sent(sent), auditor)
    facility = enter("offered", secrets[Role.FACILITY])
    with pytest.raises(ProblemError, match="reason_missing"):
        settled_house.change("audit", "name", Sent({**sent, "reason": " "}), facility)
    assert name_of(Role.AUDITOR) in settled_house.change("audit", "name", Sent(sent), facility).told
    assert "点検" in shown(house, f"audit?topic=person&actor={facility.person_id}", auditor)


def test_a_department_sees_its_own_section_and_the_whole_and_an_executive_the_whole(
    settled_house: House, enter: Enter, settled_office: Any, secrets: dict[Role, str]
):
    settled_office.play("sections", many=2, now=settled_office.now)
    with psycopg.connect(settled_office.database, autocommit=True) as conn:
        officer = person_by_login(conn, "department", settled_office.now)
        assert officer
        set_section(conn, officer.person_id, "within2", COMMAND)
        at_one_site = create_person(
            conn,
            NewPerson("officer-here", "担当", "honcho", grants=(Grant(Role.DEPARTMENT, "honcho"),)),
            COMMAND,
            settled_office.now - timedelta(days=1),
        )
        set_section(conn, at_one_site, "within2", COMMAND)
        here = sessions.begin(conn, at_one_site, timedelta(days=9), settled_office.now)
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
