"""What a request leaves in the log: its number in every line, and no secret of its address."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from shigotoba_testing.lines import objects_told
from shigotoba_testing.web import Doors, application
from shigotoba_wire.logs import LogSettings

pytestmark = pytest.mark.integration

SECRET = "a-feed-that-only-its-owner-knows"
log = logging.getLogger("shigotoba_somewhere")

Told = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def told() -> Iterator[Told]:
    """The lines told since the last look."""
    with objects_told(LogSettings("json", requests=True)) as since:
        yield since


def stranger_with(path: str, endpoint: Callable[[], None]) -> TestClient:
    """Somebody at an application of their own that has one route more."""
    app = application("host=/nonexistent dbname=none")
    app.add_api_route(path, endpoint)
    return TestClient(app, raise_server_exceptions=False)


def test_every_line_of_a_request_carries_the_number_that_the_answer_names(told: Told) -> None:
    def broken() -> None:
        log.warning("halfway")
        raise RuntimeError("no one foresaw this")

    answer = stranger_with("/api/v1/broken", broken).get("/api/v1/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "our_fault")
    lines = told()
    assert [(line["level"], line["message"]) for line in lines] == [
        ("warning", "halfway"), ("error", "GET /api/v1/broken failed"), ("info", "answered"),
    ]  # fmt: skip
    assert {line["request"] for line in lines} == {answer.headers["x-request-id"]} == {answer.json()["request_id"]}
    assert "RuntimeError: no one foresaw this" in lines[1]["error"]
    assert {"method": "GET", "path": "/api/v1/broken", "status": 500}.items() <= lines[2].items()


def test_a_fault_is_answered_with_the_protective_headers() -> None:
    def broken() -> None:
        raise RuntimeError

    answer = stranger_with("/broken", broken).get("/broken")
    assert answer.status_code == 500
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-request-id"] in answer.text


@pytest.mark.parametrize("address", ["/ics/person/{}.ics", "/ics/booth/{}.ics", "/door/{}", "/nowhere/{}"])
def test_a_secret_in_an_address_is_not_told(web: Doors, told: Told, address: str) -> None:
    clients = [web.stranger(), TestClient(application("host=/nonexistent dbname=none"), follow_redirects=False)]
    statuses = [client.get(address.format(SECRET)).status_code for client in clients]
    assert set(statuses) <= {401, 404, 503}
    lines = told()
    assert [line["status"] for line in lines if line["message"] == "answered"] == statuses
    assert SECRET not in json.dumps(lines)
