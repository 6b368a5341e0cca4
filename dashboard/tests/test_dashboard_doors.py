"""Who may open which page: every page of the house times every role, from one table."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import psycopg
import pytest
from starlette.requests import HTTPConnection

from shigotoba_backend.accounts import sessions
from shigotoba_backend.accounts.keeping import NewPerson
from shigotoba_backend.accounts.people import person_by_login
from shigotoba_backend.accounts.roles import ALLOWED, Grant, Role
from shigotoba_backend.api.problems import ProblemError
from shigotoba_dashboard.guard import Admission
from shigotoba_dashboard.house import House, NotForYouError, Sent
from shigotoba_dashboard.pages import PAGES
from shigotoba_dashboard.settings import Settings, SignIn
from shigotoba_dashboard.visitors import SEEN_WITHOUT_SIGN_IN, Visitor
from shigotoba_testing.desk import first_beat
from shigotoba_testing.visitors import WEB, Enter, enter, name_of, secrets, session_of, shown

__all__ = ["enter", "secrets"]

pytestmark = pytest.mark.integration

#: Titles of what stands in the place of a page.
NOT_OPEN = re.compile(r'^\["(このページを見る権限がありません|サインインが必要です)')


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
        asked = first_beat(layout, "seat-counts.children")
        unseen = stranger.post("/dashboard/_dash-update-component", json=asked).json()["response"]
        assert "seat-counts" not in unseen
        masthead = first_beat(layout, "trouble.children")
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
        secret = session_of(conn, NewPerson("left-open", "", "honcho", grants=(Grant(Role.FACILITY),)), now)
        person = visitor_at(30).person_id
        assert person is not None
        assert visitor_at(59).person_id == person
        assert visitor_at(60).person_id is None
        visitor_at(59).used()
        assert visitor_at(118).person_id == person


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
