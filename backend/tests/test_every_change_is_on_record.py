"""Every endpoint that changes something leaves a line in the audit log, or its own journal does.

A new endpoint fails here until somebody has written down where its changes are on record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import psycopg
import pytest
from fastapi import FastAPI

from shigotoba_backend.accounts.roles import Role
from shigotoba_testing.booths import NINE, office
from shigotoba_testing.web import Doors, application

HERE = "/sites/{site}"
PERSON = HERE + "/people/{person_id}"

STEPS: list[tuple[str, str, Mapping[str, object] | None, str]] = [
    ("POST", HERE + "/people", {"login": "new", "display_name": "新人"}, "person.create"),
    ("POST", PERSON + "/roles", {"role": "facility"}, "role.grant"),
    ("DELETE", PERSON + "/roles/{role}", None, "role.withdraw"),
    ("POST", "/people/{person_id}/roles", {"role": "facility"}, "role.grant"),
    ("DELETE", "/people/{person_id}/roles/{role}", None, "role.withdraw"),
    ("POST", PERSON + "/invitation", None, "person.invite"),
    ("DELETE", PERSON + "/failures", None, "person.unlock"),
    ("POST", PERSON + "/section", {"section": None}, "person.section"),
    ("PUT", "/delegates/{person_id}", None, "delegate.allow"),
    ("DELETE", "/delegates/{person_id}", None, "delegate.drop"),
    ("DELETE", PERSON, None, "person.close"),
    ("POST", PERSON + "/opening", None, "person.reopen"),
    ("POST", PERSON + "/home", {"site": "branch"}, "person.move"),
    ("POST", HERE + "/booths/{booth}/closures", {"reason": "点検"}, "booth.close"),
    ("DELETE", HERE + "/closures/{closure_id}", None, "booth.reopen"),
    ("POST", HERE + "/closures", {"reason": "停電"}, "booth.close"),
    ("POST", HERE + "/booking-policies", {"rules": {"grace_min": 5}}, "policy.set"),
    ("DELETE", HERE + "/booking-policies/{policy_id}", None, "policy.drop"),
    ("POST", "/booking-policies", {"rules": {"grace_min": 5}}, "policy.set"),
    ("DELETE", "/booking-policies/{policy_id}", None, "policy.drop"),
    ("POST", HERE + "/webhooks", {"url": "https://example.lg.jp/hook"}, "webhook.make"),
    ("DELETE", HERE + "/webhooks/{webhook_id}", None, "webhook.stop"),
]
"""One after the other, by an administrator of the organisation."""

ELSEWHERE = {
    r"(POST|PATCH|DELETE) (/sites/\{site\})?/bookings.*": "each step of a booking is a booking_event",
    r"POST /sites/\{site\}/booths/\{booth\}/(walk-ins|scans)": "each step of a booking is a booking_event",
    r"POST /sites/\{site\}/cancellations": "each step of a booking is a booking_event",
    r"POST /sites/\{site\}/people/\{person_id\}/bookings": "each booking handed over is a booking_event",
    r"(POST|DELETE) (/sites/\{site\})?/series.*": "each booking of a series has its booking_events",
    r"(POST|DELETE) (/sites/\{site\})?/waitlist.*": "the entry itself keeps when, whose and what became of it",
    r"POST /strikes/.*": "strike.decide: test_phone_desk",
    r"POST /sites/\{site\}/imports/.*": "figures.import: test_imports_routes",
    r"POST /sites/\{site\}/held-rises/.*": "counter.*: test_held_rises",
    r"(POST|PUT) .*/?plans.*|DELETE /sites/\{site\}/floor-plans/.*": "versions are kept; plan.edit, floor_plan.save",
    r"POST /enrolment/.*|POST /sites/\{site\}/gateways/.*": "gateway.*: test_enrolment",
}


def writers(app: FastAPI) -> set[tuple[str, str]]:
    """Method and path of every endpoint below ``/api/v1`` that is no look."""
    return {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in app.openapi()["paths"].items()
        for method in methods
        if path.startswith("/api/v1/") and method not in {"get", "head"}
    }


def test_every_endpoint_that_writes_is_walked_here_or_has_its_record_elsewhere() -> None:
    walked = {(method, path) for method, path, _, _ in STEPS}
    left = writers(application("host=/nowhere")) - walked
    unknown = {each for each in left if not any(re.fullmatch(known, " ".join(each)) for known in ELSEWHERE)}
    assert unknown == set()
    assert walked <= writers(application("host=/nowhere"))


def lines(conn: psycopg.Connection) -> list[tuple[str, int]]:
    return conn.execute("SELECT action, actor_id FROM shigotoba.audit_log ORDER BY audit_id").fetchall()


@pytest.mark.integration
def test_each_change_by_an_administrator_leaves_a_line_with_who_did_it(web: Doors) -> None:
    office(web.conn)
    office(web.conn, site="branch")
    web.at = NINE
    above = web.signed_in("above", Role.ORGANISATION_ADMIN)
    names: dict[str, object] = {"site": "honcho", "booth": "3f-b1", "role": "facility"}
    for method, path, body, action in STEPS:
        before = lines(web.conn)
        answer = above.request(method, "/api/v1" + path.format(**names), json=body)
        assert answer.status_code in (200, 201, 204), f"{method} {path}: {answer.text}"
        made = answer.json() if answer.content else {}
        names |= {name: value for name, value in made.items() if name.endswith("_id")}
        added = lines(web.conn)[len(before) :]
        assert action in dict(added), f"{method} {path}: {added}"
        assert {actor for _, actor in added} == {web.person("above")}, f"{method} {path}"
