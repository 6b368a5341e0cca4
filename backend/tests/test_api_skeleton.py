"""The application around every route: errors, headers, origins, limits, languages, health."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from shigotoba_backend.api.limits import Limiter
from shigotoba_backend.api.settings import WebSettings
from shigotoba_testing.web import Doors, application

pytestmark = pytest.mark.integration


def test_a_stranger_is_told_in_japanese_first(web: Doors) -> None:
    answer = web.stranger().get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["code"], told["status"], told["instance"]) == ("not_signed_in", 401, "/api/v1/me")
    assert told["detail"] == "サインインしていません。サインインしてからもう一度お試しください。"
    assert told["request_id"] == answer.headers["x-request-id"]


def test_english_is_spoken_to_a_browser_that_asks_for_it(web: Doors) -> None:
    answer = web.stranger().get("/api/v1/me", headers={"Accept-Language": "en-GB,ja;q=0.5"})
    assert answer.json()["detail"] == "You are not signed in. Sign in and try again."


def test_every_answer_carries_the_protective_headers(web: Doors) -> None:
    for path in ("/healthz", "/api/v1/nothing", "/api/v1/me"):
        headers = web.stranger().get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_health_tells_alive_from_ready(web: Doors) -> None:
    assert web.stranger().get("/healthz").json() == {"status": "alive"}
    assert web.stranger().get("/readyz").json() == {"status": "ready"}


def test_without_a_database_the_answer_is_503_and_says_so() -> None:
    client = TestClient(application("host=/nonexistent dbname=none"))
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz", headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Cookie": "session=x"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 405),
        ({"Origin": "http://testserver", "Cookie": "session=x"}, 405),
        ({}, 405),
    ],
)
def test_a_post_from_another_site_is_refused(web: Doors, headers: dict[str, str], status: int) -> None:
    assert web.stranger().post("/api/v1/me", headers=headers).status_code == status


def test_whoever_asks_too_much_waits(database: str) -> None:
    limiter = Limiter()
    assert [limiter.wait_s("a", 2, 0.0) for _ in range(3)] == [0.0, 0.0, 30.0]
    assert limiter.wait_s("b", 2, 0.0) == 0.0
    assert limiter.wait_s("a", 2, 30.0) == 0.0


def test_too_many_requests_say_when_to_come_back(web: Doors) -> None:
    few = web.again(WebSettings(address_requests_per_min=1)).stranger()
    few.get("/api/v1/me")
    answer = few.get("/api/v1/me")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) == answer.json()["facts"]["retry_after_s"]


def test_a_public_address_with_a_path_is_no_setting() -> None:
    with pytest.raises(ValueError, match="public_url"):
        WebSettings(public_url="https://example.lg.jp/booths")
