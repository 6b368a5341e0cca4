"""The sign-in page: cookies, where it leads, and how it refuses."""

from __future__ import annotations

import pytest

from shigotoba_backend.accounts import sign_in
from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.api.settings import WebSettings
from shigotoba_backend.phone.entering import own_path
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

PASSWORD = "three plain words"


@pytest.fixture
def office(web: Doors) -> Doors:
    sign_in.change_password(web.conn, web.person("sato", Role.STAFF), PASSWORD, COMMAND, web.at)
    return web


def test_signing_in_sets_a_cookie_scripts_cannot_read_and_leads_back(office: Doors) -> None:
    client = office.stranger()
    answer = client.post("/sign-in", data={"login": "sato", "password": PASSWORD, "back": "/bookings"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/bookings")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert client.get("/api/v1/me").json()["login"] == "sato"


def test_over_https_the_cookie_is_bound_to_this_host(office: Doors) -> None:
    secure = office.again(WebSettings(public_url="https://testserver")).stranger()
    answer = secure.post("/sign-in", data={"login": "sato", "password": PASSWORD})
    assert answer.headers["set-cookie"].startswith("__Host-session=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_wrong_password_is_refused_in_words_and_keeps_the_name(office: Doors) -> None:
    answer = office.stranger().post("/sign-in", data={"login": "sato", "password": "x"})
    assert answer.status_code == 401
    assert "ユーザー名またはパスワードが違います" in answer.text
    assert 'value="sato"' in answer.text
    assert "set-cookie" not in answer.headers


def test_hurrying_is_answered_with_how_long_to_wait(office: Doors) -> None:
    client = office.stranger()
    for _ in range(5):
        client.post("/sign-in", data={"login": "sato", "password": "x"})
    answer = client.post("/sign-in", data={"login": "sato", "password": PASSWORD})
    assert answer.status_code == 429
    assert "秒後に" in answer.text


def test_signing_out_ends_the_session_on_the_server(office: Doors) -> None:
    client = office.stranger()
    client.post("/sign-in", data={"login": "sato", "password": PASSWORD})
    kept = dict(client.cookies)
    assert client.post("/sign-out", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    again = office.stranger()
    again.cookies.update(kept)
    assert again.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    "text", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/a\nb", ""]
)
def test_nothing_leads_to_another_site(text: str) -> None:
    assert own_path(text) == "/"


def test_the_language_is_remembered(office: Doors) -> None:
    client = office.stranger()
    assert 'lang="ja"' in client.get("/sign-in").text
    client.post("/language", data={"language": "en", "back": "/sign-in"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert 'lang="en"' in client.get("/sign-in").text


def test_who_signs_in_for_the_dashboard_comes_back_to_it(web: Doors) -> None:
    split = web.again(WebSettings(public_url="http://testserver", dashboard_url="http://testserver:8050/"))
    there = split.stranger().get("/dashboard/audit?site=honcho")
    assert there.headers["location"] == "http://testserver:8050/dashboard/audit?site=honcho"
    assert web.stranger().get("/dashboard/audit").status_code == 404
