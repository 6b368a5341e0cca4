"""No-shows with objections, what waits for a decision, and the rules of booking: the pages, without a browser."""

from __future__ import annotations

import re

import pytest

from shigotoba_backend.accounts.audit import Sought, entries
from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.bookings.making import book
from shigotoba_backend.bookings.record import reread
from shigotoba_backend.bookings.rules import booth_of
from shigotoba_backend.bookings.settling import take_booths
from shigotoba_backend.bookings.strikes import give, strikes_of
from shigotoba_backend.bookings.values import Asker, Booking
from shigotoba_testing.booths import NINE, minute, office, rules, wish
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

EVERYTHING = Sought(frozenset({"honcho"}), whole=True, most=20)


@pytest.fixture
def doors(web: Doors) -> Doors:
    office(web.conn)
    web.at = NINE
    web.person("sato", Role.STAFF, home_site="honcho")
    web.person("soumu", Role.FACILITY, home_site="honcho")
    web.person("admin", Role.SITE_ADMIN, site="honcho", home_site="honcho")
    web.person("above", Role.ORGANISATION_ADMIN)
    return web


def booked(doors: Doors, start: float) -> Booking:
    return book(doors.conn, Asker(doors.person("sato")), wish(start, start + 60), NINE)


def no_show(doors: Doors) -> None:
    """Sato books the next hour, does not come, and has a strike for it."""
    booking = booked(doors, 0)
    take_booths(doors.conn, [booth_of(doors.conn, "honcho", "3f-b1", NINE).space_id], minute(15))
    give(doors.conn, booking.booking_id, minute(10))
    doors.at = minute(20)


def test_a_no_show_is_objected_to_and_the_desk_takes_it_back(doors: Doors) -> None:
    rules(doors.conn, strikes_most=1)
    no_show(doors)
    sato, desk = doors.browser("sato"), doors.browser("soumu")
    page = sato.get("/strikes").text
    assert "12月1日(火) 09:10まで予約できません" in page
    form = re.search(r'action="(/strikes/[\w-]+/appeal)"', page)
    assert form
    assert sato.post(form[1], data={"words": "急な呼び出し"}).status_code == 303
    assert "申し立てを確認中" in sato.get("/strikes").text
    asked = desk.get("/s/honcho/desk").text
    assert "急な呼び出し" in asked
    answer = re.search(r'action="(/s/honcho/desk/strikes/[\w-]+)"', asked)
    assert answer
    assert sato.post(answer[1], data={"answer": "yes"}).status_code == 403
    assert desk.post(answer[1], data={"answer": "yes"}).status_code == 303
    assert [strike.state for strike in strikes_of(doors.conn, doors.person("sato"))] == ["lifted"]
    assert "申し立ての結果が出ました。" in sato.get("/").text
    done = [entry.action for entry in entries(doors.conn, EVERYTHING)]
    assert done[0] == "strike.decide"
    assert "person.look_up" in done


def test_a_booking_that_needs_agreement_is_agreed_to_at_the_desk(doors: Doors) -> None:
    rules(doors.conn, approval=True)
    first, second = booked(doors, 60), booked(doors, 180)
    desk = doors.browser("soumu")
    assert desk.get("/s/honcho/desk").text.count("Sato") >= 2
    for booking, answer in ((first, "yes"), (second, "no")):
        desk.post(f"/s/honcho/desk/bookings/{booking.booking_id}", data={"answer": answer})
    assert reread(doors.conn, first.booking_id, NINE).approval == "granted"
    assert reread(doors.conn, second.booking_id, NINE).state == "cancelled"
    assert doors.browser("sato").get("/s/honcho/desk").status_code == 403


def test_a_closure_shows_who_is_affected_and_then_moves_or_cancels_and_tells_them(doors: Doors) -> None:
    booking, desk = booked(doors, 60), doors.browser("soumu")
    own = "/s/honcho/closures"
    wanted = {"booth": "3f-b1", "first": "2026-11-24", "since": "09:00", "reason": "空調の修理"}
    assert doors.browser("sato").get(f"{own}/preview", params=wanted).status_code == 403
    assert "1件の予約に影響します" in desk.get(f"{own}/preview", params=wanted).text
    assert reread(doors.conn, booking.booking_id, NINE).booth == "3f-b1"
    assert "移動1件" in desk.post(own, data=wanted).text
    assert reread(doors.conn, booking.booking_id, NINE).booth == "3f-b2"
    everything = {"first": "2026-11-24", "since": "09:30", "last": "2026-11-24", "reason": "停電"}
    assert "取消・終了1件" in desk.post(own, data=everything).text
    assert reread(doors.conn, booking.booking_id, NINE).state == "cancelled"
    until_noon = {"booth": "4f-b1", "first": "2026-11-26", "since": "09:00", "until": "12:00", "reason": "清掃"}
    assert "11月26日(木) 09:00 – 11月26日(木) 12:00" in desk.get(f"{own}/preview", params=until_noon).text
    assert desk.post(own, data=until_noon).status_code == 200
    page = desk.get(own).text
    assert ("空調の修理" in page, "停電" in page) == (True, True)
    for reopen in re.findall(r'action="(/s/honcho/closures/\d+/reopen)"', page):
        assert desk.post(reopen).status_code == 303
    assert "閉室はありません" in desk.get(own).text
    assert booked(doors, 60)
    actions = [entry.action for entry in entries(doors.conn, EVERYTHING)]
    assert (actions.count("booth.close"), actions.count("booth.reopen")) == (3, 3)


def test_rules_are_said_for_a_place_and_days_on_the_page_and_the_nearer_one_wins(doors: Doors) -> None:
    admin, above = doors.browser("admin"), doors.browser("above")
    said = {"place": "organisation", "longest_min": "60", "visitors": "no"}
    assert admin.post("/s/honcho/rules", data=said).status_code == 403
    assert above.post("/s/honcho/rules", data=said).status_code == 303
    days = {"first": "2026-11-24", "last": "2026-11-30"}
    own = {"place": "booth:3f-b1", "longest_min": "120", "day_hours": "1.5", "second_press": "end", **days}
    assert admin.post("/s/honcho/rules", data=own).status_code == 303
    inside, after = (booth_of(doors.conn, "honcho", "3f-b1", minute(day * 1440)) for day in (0, 8))
    assert (inside.rules.longest_min, inside.rules.day_hours, inside.rules.visitors) == (120, 1.5, False)
    assert (after.rules.longest_min, after.rules.day_hours) == (60, None)
    page = admin.get("/s/honcho/rules").text
    assert "2026-11-24 – 2026-11-30" in page
    assert "押したとき: <strong>利用を終了する</strong>" in page
    [drop] = re.findall(r'action="(/s/honcho/rules/\d+/drop)"', page)
    assert admin.post(drop, data={"place": "booth"}).status_code == 303
    assert booth_of(doors.conn, "honcho", "3f-b1", NINE).rules.longest_min == 60
    for wrong in ({"grace_min": "many"}, {"visitors": "perhaps"}, {"second_press": "x"}, {}):
        assert admin.post("/s/honcho/rules", data={"place": "site:", **wrong}).status_code == 422


def test_rules_of_the_organisation_are_said_and_taken_back_over_the_api(doors: Doors) -> None:
    above, path = doors.signed_in("above"), "/api/v1/booking-policies"
    assert doors.signed_in("admin").get(path).status_code == 403
    made = above.post(path, json={"first": "2027-04-01", "rules": {"days_ahead": 7}})
    assert made.status_code == 201
    assert [(each["place"], each["first"]) for each in above.get(path).json()] == [("organisation", "2027-04-01")]
    assert above.post(path, json={"first": "2027-05-01", "rules": {}}).json()["code"] == "policy_overlaps"
    assert above.delete(f"{path}/{made.json()['policy_id']}").status_code == 204
    assert above.get(path).json() == []
