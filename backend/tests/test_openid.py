"""Signing in through a real OpenID provider, which runs as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from starlette.testclient import TestClient

from shigotoba_backend.accounts import keeping
from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.api.settings import OpenIdProvider, WebSettings
from shigotoba_standalone.ports import free_ports
from shigotoba_testing.waiting import until
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider that believes whoever knocks."""
    port = free_ports(1)[0]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def answers() -> bool:
        try:
            return httpx2.get(f"{address}/.well-known/openid-configuration").status_code == 200
        except httpx2.TransportError:
            return False

    until(answers, what="the provider")
    yield str(httpx2.get(f"{address}/.well-known/openid-configuration").json()["issuer"])
    process.terminate()
    process.wait()


def doors(web: Doors, issuer: str, tmp_path: Path, *, admits: bool) -> Doors:
    secret = tmp_path / "secret"
    secret.write_text("not looked at by this provider\n")
    provider = OpenIdProvider(issuer, "shigotoba", secret, "庁内認証", admits)
    return web.again(WebSettings(public_url="http://testserver", openid=provider))


def through(client: TestClient, subject: str) -> str:
    """Goes to the provider, says who one is there, and gives the address it sends the browser back to."""
    begun = client.get("/openid/begin", params={"back": "/bookings"})
    assert begun.status_code == 303
    answer = httpx2.post(begun.headers["location"], data={"sub": subject})
    return answer.headers["location"]


def test_somebody_new_is_admitted_as_staff_where_the_settings_say_so(web: Doors, issuer: str, tmp_path: Path) -> None:
    client = doors(web, issuer, tmp_path, admits=True).stranger()
    back = client.get(through(client, "hanako"))
    assert (back.status_code, back.headers["location"]) == (303, "/bookings")
    told = client.get("/api/v1/me").json()
    assert (told["login"], told["roles"]) == ("hanako", [{"role": "staff", "site": None}])
    again = client.get(through(client, "hanako"))
    assert again.status_code == 303
    assert client.get("/api/v1/me").json()["person_id"] == told["person_id"]


def test_a_stranger_has_no_account_where_they_are_made_by_hand(web: Doors, issuer: str, tmp_path: Path) -> None:
    client = doors(web, issuer, tmp_path, admits=False).stranger()
    answer = client.get(through(client, "taro"))
    assert answer.status_code == 403
    assert "アカウントがありません" in answer.text


def test_an_account_of_the_same_name_is_not_taken_over(web: Doors, issuer: str, tmp_path: Path) -> None:
    there = web.person("jiro")
    client = doors(web, issuer, tmp_path, admits=True).stranger()
    client.get(through(client, "jiro"))
    assert client.get("/api/v1/me").json()["person_id"] != there


def test_somebody_whose_account_was_closed_stays_out(web: Doors, issuer: str, tmp_path: Path) -> None:
    client = doors(web, issuer, tmp_path, admits=True).stranger()
    client.get(through(client, "saburo"))
    keeping.close_account(web.conn, client.get("/api/v1/me").json()["person_id"], COMMAND, web.at)
    assert client.get(through(client, "saburo")).status_code == 403


def test_an_answer_to_another_browser_is_refused(web: Doors, issuer: str, tmp_path: Path) -> None:
    there = doors(web, issuer, tmp_path, admits=True)
    stolen = through(there.stranger(), "shiro")
    assert there.stranger().get(stolen).status_code == 401
    other = there.stranger()
    other.get("/openid/begin")
    assert other.get(stolen).status_code == 401


def test_a_code_that_was_made_up_or_a_token_for_another_request_is_refused(
    web: Doors, issuer: str, tmp_path: Path
) -> None:
    client = doors(web, issuer, tmp_path, admits=True).stranger()
    begun = client.get("/openid/begin").headers["location"]
    state = parse_qs(urlsplit(begun).query)["state"][0]
    assert client.get("/openid/back", params={"code": "made-up", "state": state}).status_code == 401


def test_without_a_provider_there_is_no_way_through_one(web: Doors) -> None:
    assert web.stranger().get("/openid/begin").status_code == 404
