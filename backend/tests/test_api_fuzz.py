"""Schemathesis asks every route of the API what nobody would, as an administrator; no answer may be our fault.

A few examples of each, always the same ones, for every change; SHIGOTOBA_FUZZ_EXAMPLES asks for more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from starlette.testclient import TestClient

from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.api.settings import WebSettings
from shigotoba_backend.site.description import SiteFile
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

EXAMPLES = int(os.environ.get("SHIGOTOBA_FUZZ_EXAMPLES", "2"))
UNASKED = {"cookies", "timeout"}
ENDLESS = "/events"
"""A stream goes on until it is left."""


@pytest.fixture
def doors(conn: psycopg.Connection, small_site: SiteFile) -> Iterator[Doors]:
    there = Doors(conn, WebSettings(public_url="http://testserver", session_requests_per_min=10**9))
    yield there
    there.close()


def status_of(client: TestClient, case: Any) -> int:
    asked = case.as_transport_kwargs(base_url="http://testserver")
    return client.request(**{name: value for name, value in asked.items() if name not in UNASKED}).status_code


def test_no_request_is_answered_with_a_fault_of_ours(doors: Doors) -> None:
    client = doors.signed_in("admin", Role.ORGANISATION_ADMIN, Role.AUDITOR)
    schema = schemathesis.openapi.from_dict(doors.app.openapi())
    faults: dict[str, Any] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.endswith(ENDLESS):
            continue

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            if status_of(client, case) >= 500:
                faults[case.operation.label] = case.as_curl_command()

        ask()
    assert faults == {}
