"""Accounts and the audit log over HTTP: who may, and what is written down."""

from __future__ import annotations

import pytest

from shigotoba_backend.accounts.roles import ALLOWED, Action, Role
from shigotoba_backend.site.description import SiteFile
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

PEOPLE = "/api/v1/sites/honcho/people"


@pytest.mark.parametrize("role", Role)
def test_only_the_roles_of_the_matrix_come_in(web: Doors, small_site: SiteFile, role: Role) -> None:
    client = web.signed_in("asker", role, site="honcho")
    other = web.person("other", Role.STAFF, site="honcho", home_site="honcho")
    tried = {
        Action.LOOK_UP_PEOPLE: client.get(PEOPLE, params={"words": "other"}),
        Action.MANAGE_PEOPLE: client.post(PEOPLE, json={"login": "new", "display_name": "New"}),
        Action.GRANT_SITE_ROLES: client.post(f"{PEOPLE}/{other}/roles", json={"role": "facility"}),
        Action.READ_AUDIT: client.get("/api/v1/audit"),
    }
    assert {action: answer.status_code != 403 for action, answer in tried.items()} == {
        action: action in ALLOWED[role] for action in tried
    }


def test_a_look_up_finds_by_a_part_of_the_name_and_is_logged_by_number(web: Doors, small_site: SiteFile) -> None:
    other = web.person("yamada%", Role.STAFF, home_site="honcho")
    web.person("tanaka", Role.STAFF, home_site="honcho")
    found = web.signed_in("asker", Role.FACILITY).get(PEOPLE, params={"words": "a%", "reason": "忘れ物"}).json()
    assert [each["login"] for each in found] == ["yamada%"]
    line = web.signed_in("auditor", Role.AUDITOR).get("/api/v1/audit", params={"most": 5}).json()
    looked = next(each for each in line if each["action"] == "person.look_up")
    assert (looked["after"], looked["reason"], looked["site"]) == ({"people": [other]}, "忘れ物", "honcho")
    assert "yamada" not in str(line)


def test_an_account_is_made_given_a_role_and_closed(web: Doors, small_site: SiteFile) -> None:
    admin = web.signed_in("admin", Role.SITE_ADMIN, site="honcho")
    made = admin.post(PEOPLE, json={"login": "new", "display_name": "新人", "password": "three plain words"})
    assert made.status_code == 201
    new = made.json()["person_id"]
    assert admin.post(PEOPLE, json={"login": "NEW", "display_name": "x"}).json()["code"] == "login_taken"
    assert admin.post(f"{PEOPLE}/{new}/roles", json={"role": "facility"}).status_code == 204
    assert admin.post(f"{PEOPLE}/{new}/roles", json={"role": "organisation_admin"}).status_code == 403
    assert admin.delete(f"{PEOPLE}/{new}/roles/facility").status_code == 204
    assert admin.delete(f"{PEOPLE}/{new}").status_code == 204
    assert admin.delete(f"{PEOPLE}/999999").json()["code"] == "no_such_person"


def test_a_sites_administrator_cannot_close_one_of_the_organisation(web: Doors, small_site: SiteFile) -> None:
    above = web.person("above", Role.ORGANISATION_ADMIN)
    admin = web.signed_in("admin", Role.SITE_ADMIN, site="honcho")
    assert admin.delete(f"{PEOPLE}/{above}").status_code == 404


def test_another_site_is_not_there_and_bad_words_are_explained(web: Doors, small_site: SiteFile) -> None:
    client = web.signed_in("asker", Role.FACILITY)
    assert client.get("/api/v1/sites/nowhere/people", params={"words": "a"}).json()["code"] == "no_such_site"
    told = client.get(PEOPLE, params={"words": "\x00"}).json()
    assert (told["status"], told["code"]) == (422, "not_understood")
    assert told["facts"]["errors"][0]["where"] == "query.words"
