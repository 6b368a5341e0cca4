"""The committed description of the API is what the routes say, and the routes keep to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from shigotoba_backend.api.openapi import described
from shigotoba_testing.web import Doors

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
OPEN_TO_ALL = {"/api/v1/enrolment/claims", "/api/v1/enrolment/renewals", "/api/v1/enrolment/authority/{gateway}"}
"""Gateways prove who they are in the request itself."""


def test_the_committed_description_is_what_the_routes_say() -> None:
    hint = "Run: .venv/bin/python -m shigotoba_backend.api.openapi > docs/openapi.json"
    assert COMMITTED.read_text(encoding="utf-8") == described(), hint


@pytest.mark.integration
def test_nothing_under_the_api_answers_a_stranger(web: Doors) -> None:
    client = web.stranger()
    answers = {}
    for path, methods in web.app.openapi()["paths"].items():
        for method in methods:
            address = path.replace("{", "").replace("}", "")
            answers[path, method] = client.request(method, address).status_code
    assert answers
    let_in = {path for (path, _), status in answers.items() if status not in (401, 403, 404, 422)}
    assert let_in <= OPEN_TO_ALL
