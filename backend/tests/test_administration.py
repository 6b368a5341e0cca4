"""Accounts as administrators keep them, over HTTP: invited, unlocked, moved, closed; and what becomes of bookings."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.bookings.delegates import allow_delegate, delegates_of
from shigotoba_backend.bookings.finding import Wanted
from shigotoba_backend.bookings.leaving import coming
from shigotoba_backend.bookings.making import book
from shigotoba_backend.bookings.record import my_bookings
from shigotoba_backend.bookings.values import Asker
from shigotoba_backend.bookings.waiting import entries, join
from shigotoba_backend.site.description import Floor, Site, SiteFile, Space
from shigotoba_backend.site.importing import import_site
from shigotoba_testing.booths import NINE, minute, office, rules, wish
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

HERE = "/api/v1/sites/honcho"


@pytest.fixture
def doors(web: Doors) -> Doors:
    """Nine in the morning; two sites; sato and suzuki are staff of the first, admin administers it."""
    office(web.conn)
    branch = Site("branch", "出張所", "Branch", "Asia/Tokyo")
    floor, booth = Floor("1f", "1階", "1st floor", 1), Space("1f-b1", "1f", "booth", None, "出張所ブース", 1, 1.0, 1.0)
    import_site(web.conn, SiteFile(branch, [floor], [booth], [], datetime(2026, 10, 1, tzinfo=UTC)))
    web.at = NINE
    for login in ("sato", "suzuki"):
        web.person(login, Role.STAFF, site="honcho", home_site="honcho")
    web.person("admin", Role.SITE_ADMIN, site="honcho", home_site="honcho")
    return web


def test_an_invitation_lets_its_person_alone_choose_the_password_once(doors: Doors) -> None:
    admin = doors.browser("admin")
    made = admin.post("/s/honcho/people", data={"login": "Tanaka", "display_name": "田中 三郎"})
    found = re.search(r'value="http://testserver(/invitation/[\w-]+)"', made.text)
    assert found
    stranger, path = doors.stranger(), found[1]
    assert "田中 三郎" in stranger.get(path).text
    short = stranger.post(path, data={"password": "short", "again": "short"})
    assert (short.status_code, "10文字以上" in short.text) == (422, True)
    assert "2つのパスワードが違います" in stranger.post(path, data={"password": "a" * 12, "again": "b" * 12}).text
    chosen = {"password": "four plain words here", "again": "four plain words here"}
    assert stranger.post(path, data=chosen).status_code == 303
    assert "session" in stranger.cookies
    assert doors.stranger().post(path, data=chosen).status_code == 404
    signed_in = doors.stranger().post("/sign-in", data={"login": "tanaka", "password": chosen["password"]})
    assert signed_in.status_code == 303


def test_a_new_invitation_makes_the_former_worthless_and_both_end(doors: Doors) -> None:
    admin, sato = doors.signed_in("admin"), doors.person("sato")
    first, second = (admin.post(f"{HERE}/people/{sato}/invitation").json()["path"] for _ in range(2))
    assert doors.stranger().get(first).status_code == 404
    assert doors.stranger().get(second).status_code == 200
    doors.at += timedelta(days=7)
    assert doors.stranger().get(second).status_code == 404


def test_who_has_to_wait_after_wrong_passwords_is_seen_and_let_in_again(doors: Doors) -> None:
    admin, sato = doors.signed_in("admin"), doors.person("sato")
    stranger = doors.stranger()
    for _ in range(7):
        stranger.post("/sign-in", data={"login": "sato", "password": "wrong"})
        doors.at += timedelta(seconds=5)
    [seen] = admin.get(f"{HERE}/accounts", params={"words": "sato"}).json()
    assert datetime.fromisoformat(seen["waits_until"]) > doors.at
    assert seen["grants"] == [{"role": "staff", "site": "honcho"}]
    assert admin.delete(f"{HERE}/people/{sato}/failures").status_code == 204
    assert admin.get(f"{HERE}/people/{sato}").json()["waits_until"] is None
    done = [line["action"] for line in admin.get(f"{HERE}/people/{sato}/log").json()]
    assert done[0] == "person.unlock"
    assert "session.refuse" in done


def test_roles_everywhere_are_the_organisations_to_give_and_its_last_administrator_stays(doors: Doors) -> None:
    admin, sato = doors.signed_in("admin"), doors.person("sato")
    above_id = doors.person("above", Role.ORGANISATION_ADMIN)
    above = doors.signed_in("above")
    assert admin.post(f"/api/v1/people/{sato}/roles", json={"role": "auditor"}).status_code == 403
    assert above.post(f"/api/v1/people/{sato}/roles", json={"role": "auditor"}).status_code == 204
    grants = admin.get(f"{HERE}/people/{sato}").json()["grants"]
    assert {"role": "auditor", "site": None} in grants
    last = above.delete(f"/api/v1/people/{above_id}/roles/organisation_admin")
    assert (last.status_code, last.json()["code"]) == (409, "last_administrator")
    assert above.delete(f"{HERE}/people/{above_id}").json()["code"] == "own_account"
    second = doors.person("second", Role.ORGANISATION_ADMIN)
    assert above.delete(f"{HERE}/people/{second}").status_code == 204


def test_whose_bookings_are_handed_over_keeps_none_and_quotas_of_the_other_hold(doors: Doors) -> None:
    rules(doors.conn, day_count=1)
    sato, suzuki = doors.person("sato"), doors.person("suzuki")
    day = 24 * 60
    for start in (60, day + 60, 2 * day + 60):
        book(doors.conn, Asker(sato), wish(start, start + 60), NINE)
    book(doors.conn, Asker(suzuki), wish(2 * day + 300, 2 * day + 360), NINE)
    path = f"{HERE}/people/{sato}/bookings"
    done = doors.signed_in("admin").post(path, json={"to_person": suzuki, "first": "2026-11-25"}).json()
    assert [each["start"][:10] for each in done["given"]] == ["2026-11-25"]
    assert [each["code"] for each in done["kept"]] == ["quota_count"]
    assert [each.start for each in coming(doors.conn, sato, NINE)] == [minute(60), minute(2 * day + 60)]
    assert doors.signed_in("suzuki").post(path, json={"to_person": suzuki}).status_code == 403


def test_somebody_who_leaves_keeps_no_booking_no_wait_no_delegate_and_no_session(doors: Doors) -> None:
    sato, suzuki = doors.person("sato"), doors.person("suzuki")
    leaver = doors.signed_in("sato")
    book(doors.conn, Asker(sato), wish(60, 120), NINE)
    join(doors.conn, Asker(sato), Wanted("honcho", minute(180), minute(240)), None, NINE)
    allow_delegate(doors.conn, (Asker(suzuki), COMMAND), sato, NINE)
    admin = doors.signed_in("admin")
    assert admin.delete(f"{HERE}/people/{sato}").status_code == 204
    assert (my_bookings(doors.conn, sato, NINE), entries(doors.conn, sato)) == ([], [])
    assert delegates_of(doors.conn, suzuki) == []
    assert leaver.get("/api/v1/me").status_code == 401
    assert admin.post(f"{HERE}/people/{sato}/invitation").json()["code"] == "account_closed"
    assert admin.post(f"{HERE}/people/{sato}/opening").status_code == 204
    assert admin.get(f"{HERE}/people/{sato}").json()["grants"] == []


def test_who_moves_to_another_site_is_staff_there_and_keeps_the_bookings(doors: Doors) -> None:
    sato = doors.person("sato")
    book(doors.conn, Asker(sato), wish(60, 120), NINE)
    moving = f"{HERE}/people/{sato}/home"
    assert doors.signed_in("admin").post(moving, json={"site": "branch"}).status_code == 403
    doors.person("above", Role.ORGANISATION_ADMIN)
    assert doors.signed_in("above").post(moving, json={"site": "branch"}).status_code == 204
    moved = doors.signed_in("above").get(f"/api/v1/sites/branch/people/{sato}").json()
    assert (moved["home_site"], moved["grants"]) == ("branch", [{"role": "staff", "site": "branch"}])
    assert len(my_bookings(doors.conn, sato, NINE)) == 1
    assert doors.signed_in("admin").get(f"{HERE}/people/{sato}").status_code == 404
