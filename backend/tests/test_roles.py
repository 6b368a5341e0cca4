"""The authorisation matrix, written a second time by hand, and held against the product's exhaustively."""

from __future__ import annotations

from itertools import product

import pytest

from shigotoba_backend.accounts.people import Person
from shigotoba_backend.accounts.roles import ALLOWED, TRAVELLING, Action, Grant, Role, allows
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.indicators.scopes import Scope

#                           staff department facility site_admin organisation_admin auditor executive
MATRIX = """
see_places                  yes yes yes yes yes yes yes
book                        yes yes yes yes yes no  no
share_whereabouts           yes yes yes yes yes no  no
answer_surveys              yes yes yes yes yes no  no
see_figures                 no  yes yes yes yes yes yes
see_sections                no  no  yes yes yes yes no
export_figures              no  no  yes yes yes no  no
import_figures              no  no  yes yes yes no  no
manage_plans                no  no  yes yes yes no  no
manage_bookings             no  no  yes yes yes no  no
close_places                no  no  yes yes yes no  no
print_sheets                no  no  yes yes yes no  no
look_up_people              no  no  yes yes yes no  no
manage_site                 no  no  no  yes yes no  no
manage_gateways             no  no  no  yes yes no  no
manage_webhooks             no  no  no  yes yes no  no
manage_people               no  no  no  yes yes no  no
grant_site_roles            no  no  no  yes yes no  no
grant_organisation_roles    no  no  no  no  yes no  no
read_audit                  no  no  no  no  no  yes no
"""
ROLES = (
    Role.STAFF,
    Role.DEPARTMENT,
    Role.FACILITY,
    Role.SITE_ADMIN,
    Role.ORGANISATION_ADMIN,
    Role.AUDITOR,
    Role.EXECUTIVE,
)
ROWS = {name: answers for name, *answers in (line.split() for line in MATRIX.strip().splitlines())}
SAID = {
    (role, Action(name)): answer == "yes"
    for name, answers in ROWS.items()
    for role, answer in zip(ROLES, answers, strict=True)
}


def test_the_matrix_speaks_of_every_role_and_action() -> None:
    assert set(SAID) == set(product(Role, Action))
    assert set(ALLOWED) == set(Role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_a_role_allows_what_the_matrix_says_and_where(role: Role, action: Action) -> None:
    said = SAID[role, action]
    everywhere, here = [Grant(role)], [Grant(role, "honcho")]
    assert allows(everywhere, action, "honcho") == said
    assert allows(everywhere, action, None) == said
    assert allows(here, action, "honcho") == said
    assert allows(here, action, "branch") == (said and action in TRAVELLING)
    assert not allows(here, action, None)
    assert not allows([], action, "honcho")


def test_nobody_may_anything_at_a_site_of_another_organisation() -> None:
    person = Person(1, "a", "A", "ja", None, "main", tuple(Grant(role) for role in Role), frozenset({"honcho"}))
    for action in Action:
        assert person.may(action, "honcho")
        assert not person.may(action, "elsewhere")
    assert person.sites_with(Action.BOOK) == {"honcho"}


def test_an_officer_sees_the_own_section_and_the_whole_and_who_takes_figures_home_sees_every_section() -> None:
    own = frozenset({"jinji"})
    officer = Person(1, "a", "A", "ja", None, "main", (Grant(Role.DEPARTMENT, "honcho"),), frozenset({"honcho"}), own)
    seen = ("organisation:main", "site:honcho", "floor:honcho/3f", "section:main/jinji")
    unseen = ("section:main/zaimu", "section:other/jinji", "device:honcho/mfp-1")
    assert all(officer.sees(Scope.parse(scope), "honcho") for scope in seen)
    assert not any(officer.sees(Scope.parse(scope), "honcho") for scope in unseen)
    assert all(Action.SEE_SECTIONS in may for may in ALLOWED.values() if Action.EXPORT_FIGURES in may)


def test_the_place_of_a_printer_is_seen_as_the_printer_and_a_booth_as_itself() -> None:
    officer = Person(1, "a", "A", "ja", None, "main", (Grant(Role.DEPARTMENT, "honcho"),), frozenset({"honcho"}))
    place = Scope.parse("space:honcho/3f-01")
    told = {key: officer.sees(entry.seen_as(place), "honcho") for key, entry in REGISTRY.items()
            if "space" in entry.scopes}  # fmt: skip
    assert told == {key: "device" not in REGISTRY[key].scopes for key in told}
    assert {told["impressions"], told["booth_utilisation"]} == {False, True}
