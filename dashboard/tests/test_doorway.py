from __future__ import annotations

import http.client
import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.integration


def get(address: str, path: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of one answer; redirections are not followed."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/", "/dashboard"])
def test_the_entrance_leads_to_the_first_page(dashboard: str, path: str):
    status, headers, _text = get(dashboard, path)
    assert (status, headers["location"]) == (307, "/dashboard/")


def test_the_page_says_its_language_and_holds_no_data(dashboard: str):
    status, _headers, text = get(dashboard, "/dashboard/?lang=ja")
    assert status == 200
    assert '<html lang="ja">' in text
    assert "本庁舎" not in text


@pytest.mark.parametrize(
    "path", ["/", "/dashboard/", "/dashboard/paper", "/dashboard/_dash-layout", "/healthz", "/nope"]
)
def test_every_answer_carries_a_number_and_the_protective_headers(dashboard: str, path: str):
    _status, headers, _text = get(dashboard, path)
    scripts = re.search(r"script-src ([^;]*);", headers["content-security-policy"])
    assert scripts is not None
    assert re.fullmatch(r"'self' 'sha256-[\w+/=]+'", scripts[1])
    assert headers["x-content-type-options"] == "nosniff"
    assert len(headers["x-request-id"]) == 16


@pytest.mark.parametrize("path", ["/api/nope", "/docs", "/openapi.json", "/dashboards"])
def test_what_is_not_there_is_not_found(dashboard: str, path: str):
    status, _headers, text = get(dashboard, path)
    assert status == 404
    assert path in text


def test_alive_is_told_from_ready(office: Any, dashboard: str):
    with office.away():
        assert (get(dashboard, "/healthz")[0], get(dashboard, "/readyz")[0]) == (200, 503)


def test_ready_asks_the_database(dashboard: str):
    status, _headers, text = get(dashboard, "/readyz")
    assert status == 200
    assert json.loads(text) == {
        "database": "answers",
        "site": "honcho",
        "received_at": "2026-11-20T01:37:04+00:00",
    }


def test_ready_fails_while_the_database_is_away_and_recovers(office: Any, dashboard: str):
    with office.away():
        status, _headers, text = get(dashboard, "/readyz")
    assert status == 503
    assert json.loads(text)["database"] == "no answer"
    assert get(dashboard, "/readyz")[0] == 200


def test_ready_says_what_an_empty_database_lacks(bare_office: Any, serve: Any):
    with serve(bare_office) as address:
        status, _headers, text = get(address, "/readyz")
    assert status == 503
    assert "shigotoba.site" in json.loads(text)["reason"]
