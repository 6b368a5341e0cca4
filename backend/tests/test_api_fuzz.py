"""Schemathesis asks every route of the API what nobody would, as an administrator.

No answer may be our fault, and each is of a status, a type and a shape that the committed description names.

A few examples of each, always the same ones, for every change; SHIGOTOBA_FUZZ_EXAMPLES asks for more.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.api.settings import WebSettings
from shigotoba_backend.site.description import SiteFile
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

EXAMPLES = int(os.environ.get("SHIGOTOBA_FUZZ_EXAMPLES", "2"))
UNASKED = {"cookies", "timeout"}
PROMISES = [content_type_conformance, response_schema_conformance, status_code_conformance]
KNOWN = {"site": "honcho", "booth": "3f-b1", "floor": "3f", "plan": "example", "gateway": "gw-1"}
"""What there is, so that not every answer is that there is nothing."""
ENDLESS = "/events"
"""A stream goes on until it is left."""


@pytest.fixture
def doors(conn: psycopg.Connection, small_site: SiteFile) -> Iterator[Doors]:
    there = Doors(conn, WebSettings(public_url="http://testserver", session_requests_per_min=10**9))
    yield there
    there.close()


class Asker:
    """Somebody who asks one operation this and that, and keeps what was wrong with the answers."""

    def __init__(self, client: TestClient, known: Mapping[str, object]) -> None:
        self.client = client
        self.known = known
        self.statuses: list[int] = []
        self.wrong: list[str] = []

    def ask_all(self, operation: Any) -> None:
        strategy = given(case=operation.as_strategy())
        settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(strategy(self._ask))()

    def _ask(self, case: Any) -> None:
        """As made up, and again about what there is."""
        there = {name: value for name, value in self.known.items() if name in case.path_parameters}
        for instead in ({}, there) if there else ({},):
            case.path_parameters |= instead
            asked = case.as_transport_kwargs(base_url="http://testserver")
            answer = self.client.request(**{name: value for name, value in asked.items() if name not in UNASKED})
            answer.request.read()
            self.statuses.append(answer.status_code)
            self.wrong += [f"{each}: {case.as_curl_command()}" for each in complaints(case, answer)]


def complaints(case: Any, answer: Any) -> list[str]:
    if answer.status_code >= 500:
        return [f"{answer.status_code}"]
    try:
        case.validate_response(answer, checks=PROMISES)
    except FailureGroup as group:
        return [f"{each.title}: {each.message}" for each in group.exceptions]
    return []


def test_no_answer_is_a_fault_of_ours_or_other_than_described(doors: Doors) -> None:
    known = KNOWN | {"person_id": doors.person("sato", Role.STAFF, home_site="honcho")}
    schema = schemathesis.openapi.from_dict(doors.app.openapi())
    operations = [found.ok() for found in schema.get_all_operations()]
    statuses: Counter[int] = Counter()
    wrong: dict[str, list[str]] = {}
    for number, operation in enumerate(each for each in operations if not each.path.endswith(ENDLESS)):
        # Somebody new each time: what was asked before may have ended sessions and closed accounts.
        asker = Asker(doors.signed_in(f"admin-{number}", Role.ORGANISATION_ADMIN, Role.AUDITOR), known)
        asker.ask_all(operation)
        statuses.update(asker.statuses)
        wrong |= {operation.label: asker.wrong} if asker.wrong else {}
    assert wrong == {}
    assert statuses[401] == 0
    assert sum(count for status, count in statuses.items() if status < 300) * 10 > statuses.total(), statuses
