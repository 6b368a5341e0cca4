"""Every endpoint of the API times every role: who gets in is what the table says, and every endpoint is in the table.

A new endpoint fails here until somebody has written down who may use it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from shigotoba_backend.accounts.roles import ALLOWED, Action, Role
from shigotoba_testing.web import Doors, application

ANYBODY = "anybody"
SIGNED_IN = "signed in"
"""Whose object it is decides further, inside; what is not theirs is not found."""

DOORS = """
GET    /me                                                            signed in
GET    /me/data                                                       signed in
GET    /audit                                                         signed in
GET    /sites/{site}/people                                           look_up_people
POST   /sites/{site}/people                                           manage_people
POST   /sites/{site}/people/{person_id}/roles                         grant_site_roles
DELETE /sites/{site}/people/{person_id}/roles/{role}                  grant_site_roles
DELETE /sites/{site}/people/{person_id}                               manage_people
POST   /people/{person_id}/roles                                      grant_organisation_roles
DELETE /people/{person_id}/roles/{role}                               grant_organisation_roles
GET    /sites/{site}/accounts                                         manage_people
GET    /sites/{site}/people/{person_id}                               manage_people
GET    /sites/{site}/people/{person_id}/log                           manage_people
POST   /sites/{site}/people/{person_id}/invitation                    manage_people
DELETE /sites/{site}/people/{person_id}/failures                      manage_people
POST   /sites/{site}/people/{person_id}/home                          manage_people
POST   /sites/{site}/people/{person_id}/section                       manage_people
POST   /sites/{site}/people/{person_id}/bookings                      manage_people
POST   /sites/{site}/people/{person_id}/opening                       manage_people
GET    /sites/{site}/imports                                          see_figures
GET    /sites/{site}/imports/{key}/form.csv                           see_figures
GET    /sites/{site}/imports/{key}/figures                            see_figures
GET    /sites/{site}/imports/{key}/history                            see_figures
POST   /sites/{site}/imports/{key}/files                              import_figures
POST   /sites/{site}/imports/{key}/figures                            import_figures
GET    /sites/{site}/held-rises                                       import_figures
POST   /sites/{site}/held-rises/{hold_id}/decision                    import_figures
GET    /sites/{site}/indicators                                       see_figures
GET    /sites/{site}/indicators/{key}/values                          see_figures
GET    /sites/{site}/indicators/{key}/references                      see_figures
GET    /sites/{site}/exports                                          export_figures
GET    /sites/{site}/exports/{dataset}                                export_figures
GET    /sites/{site}/exports/{dataset}/dictionary/{part}              export_figures
GET    /sites/{site}/reports/monthly                                  see_figures
GET    /sites/{site}/plans                                            see_figures
GET    /sites/{site}/plans/{programme}                                see_figures
GET    /sites/{site}/plans/{programme}/initiatives/{code}             see_figures
GET    /sites/{site}/plans/{programme}/initiatives/{code}/history     see_figures
GET    /sites/{site}/plans/{programme}/initiatives/{code}/effects     see_figures
PUT    /sites/{site}/plans/{programme}/initiatives/{code}             manage_plans
POST   /plans                                                         manage_plans
GET    /sites/{site}/floor-plans                                      see_places
POST   /sites/{site}/floor-plans                                      manage_site
GET    /sites/{site}/floor-plans/{plan_id}                            see_places
GET    /sites/{site}/floor-plans/{plan_id}/picture                    see_places
DELETE /sites/{site}/floor-plans/{plan_id}                            manage_site
GET    /enrolment/authority/{gateway}                                 anybody
POST   /enrolment/claims                                              anybody
POST   /enrolment/renewals                                            anybody
GET    /sites/{site}/gateways                                         manage_gateways
POST   /sites/{site}/gateways/{gateway}/invitation                    manage_gateways
POST   /sites/{site}/gateways/{gateway}/revocation                    manage_gateways
GET    /sites/{site}/gateways/{gateway}/commands                      manage_gateways
POST   /sites/{site}/gateways/{gateway}/commands                      manage_gateways
GET    /sites/{site}/booths                                           book
GET    /sites/{site}/booths/free                                      book
GET    /sites/{site}/booths/events                                    book
GET    /sites/{site}/booths/{booth}/slots                             book
POST   /sites/{site}/booths/{booth}/closures                          close_places
POST   /sites/{site}/closures                                         close_places
DELETE /sites/{site}/closures/{closure_id}                            close_places
POST   /sites/{site}/bookings                                         book
POST   /sites/{site}/booths/{booth}/walk-ins                          book
POST   /sites/{site}/booths/{booth}/scans                             book
POST   /sites/{site}/cancellations                                    book
GET    /bookings                                                      signed in
GET    /bookings/past                                                 signed in
GET    /bookings/{booking_id}                                         signed in
GET    /bookings/{booking_id}/events                                  signed in
PATCH  /bookings/{booking_id}                                         signed in
DELETE /bookings/{booking_id}                                         signed in
POST   /bookings/{booking_id}/check-in                                signed in
POST   /bookings/{booking_id}/extension                               signed in
POST   /bookings/{booking_id}/shortening                              signed in
POST   /bookings/{booking_id}/end                                     signed in
POST   /bookings/{booking_id}/still-here                              signed in
POST   /bookings/{booking_id}/owner                                   signed in
POST   /bookings/{booking_id}/approval                                signed in
POST   /bookings/{booking_id}/acceptance                              signed in
POST   /bookings/{booking_id}/refusal                                 signed in
POST   /sites/{site}/series/plan                                      book
POST   /sites/{site}/series                                           book
DELETE /series/{series_id}                                            signed in
GET    /waitlist                                                      signed in
POST   /sites/{site}/waitlist                                         book
DELETE /waitlist/{entry_id}                                           signed in
GET    /delegates                                                     signed in
PUT    /delegates/{person_id}                                         signed in
DELETE /delegates/{person_id}                                         signed in
GET    /strikes                                                       signed in
GET    /strikes/appeals                                               signed in
POST   /strikes/{strike_id}/appeal                                    signed in
POST   /strikes/{strike_id}/decision                                  signed in
GET    /sites/{site}/booking-policies                                 book
POST   /sites/{site}/booking-policies                                 manage_site
DELETE /sites/{site}/booking-policies/{policy_id}                     manage_site
GET    /booking-policies                                              manage_site
POST   /booking-policies                                              manage_site
DELETE /booking-policies/{policy_id}                                  manage_site
GET    /sites/{site}/webhooks                                         manage_webhooks
POST   /sites/{site}/webhooks                                         manage_webhooks
DELETE /sites/{site}/webhooks/{webhook_id}                            manage_webhooks
GET    /sites/{site}/webhooks/{webhook_id}/deliveries                 manage_webhooks
"""

NEVER_ENDING = {"/sites/{site}/booths/events"}
"""Streams; they are asked only by those who are refused."""

FILLED = {"site": "honcho", "person_id": "1", "booking_id": "00000000-0000-4000-8000-000000000000"}


def table() -> dict[tuple[str, str], str]:
    """Who may, by method and path below ``/api/v1``."""
    lines = (line.split(maxsplit=2) for line in DOORS.strip().splitlines())
    return {(method, path): who for method, path, who in lines}


def api_routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of every endpoint below ``/api/v1``, as the generated contract has them."""
    for path, methods in app.openapi()["paths"].items():
        if path.startswith("/api/v1/"):
            for method in methods:
                yield method.upper(), path.removeprefix("/api/v1")


def test_every_endpoint_is_in_the_table_and_every_line_of_it_is_an_endpoint() -> None:
    app = application("host=/nowhere")
    hidden = [route.path for route in app.routes if isinstance(route, APIRoute) and route.path.startswith("/api/")]
    assert hidden == [], "an endpoint of the API is part of a router, and so of the contract"
    assert set(api_routes(app)) == set(table())


def answer(client: TestClient, method: str, path: str) -> int:
    filled = path
    for name in (part[1:-1] for part in path.replace("/", " ").split() if part.startswith("{")):
        filled = filled.replace(f"{{{name}}}", FILLED.get(name, "1"))
    body = {} if method in {"POST", "PUT", "PATCH"} else None
    return client.request(method, f"/api/v1{filled}", json=body).status_code


@pytest.mark.integration
@pytest.mark.usefixtures("small_site")
def test_a_stranger_gets_in_only_where_anybody_may(web: Doors) -> None:
    stranger = web.stranger()
    for (method, path), who in table().items():
        refused = answer(stranger, method, path) == 401
        assert refused == (who != ANYBODY), f"{method} {path}"


@pytest.mark.integration
@pytest.mark.usefixtures("small_site")
@pytest.mark.parametrize("role", Role)
def test_a_role_gets_in_where_the_table_and_the_matrix_say_so(web: Doors, role: Role) -> None:
    person = web.signed_in(f"somebody-{role.value}", role, home_site="honcho")
    for (method, path), who in table().items():
        if who in {ANYBODY, SIGNED_IN}:
            continue
        may = Action(who) in ALLOWED[role]
        if may and path in NEVER_ENDING:
            continue
        assert (answer(person, method, path) != 403) == may, f"{role.value}: {method} {path}"
