"""Booking over HTTP: statuses, tags, keys, alternatives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from icalendar import Calendar
from starlette.testclient import TestClient

from shigotoba_backend.accounts import links
from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.bookings.rules import booth_of
from shigotoba_testing.booths import NINE, minute, office, people
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

SITE = "/api/v1/sites/honcho"


@pytest.fixture
def doors(web: Doors) -> Doors:
    """The application at nine in an office with four booths."""
    office(web.conn)
    web.at = NINE
    return web


def wanted(start: float, end: float, booth: str = "3f-b1") -> dict[str, object]:
    return {"booth": booth, "start": minute(start).isoformat(), "end": minute(end).isoformat()}


def book(client: TestClient, start: float, end: float, booth: str = "3f-b1", **headers: str):
    return client.post(f"{SITE}/bookings", json=wanted(start, end, booth), headers=headers)


def test_from_free_booths_to_leaving(doors: Doors):
    kato = doors.signed_in("kato")
    free = kato.get(f"{SITE}/booths/free", params={"start": minute(60).isoformat(), "end": minute(90).isoformat()})
    assert [offer["booth"] for offer in free.json()["free"]] == ["3f-b1", "3f-b2", "4f-b1", "4f-b2"]
    made = book(kato, 60, 90)
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    address = made.headers["Location"]
    doors.at = minute(55)
    assert kato.post(f"{address}/check-in").json()["state"] == "checked_in"
    assert kato.post(f"{address}/extension", json={}).json()["end"] == "2026-11-24T02:00:00Z"
    doors.at = minute(100)
    assert kato.post(f"{address}/end").json()["state"] == "ended"
    told = [event["kind"] for event in kato.get(f"{address}/events").json()]
    assert told == ["booked", "checked_in", "extended", "ended"]
    assert [each["state"] for each in kato.get("/api/v1/bookings/past").json()] == ["ended"]


def test_the_second_is_told_until_when_and_what_else_there_is(doors: Doors):
    book(doors.signed_in("kato"), 60, 90)
    refused = book(doors.signed_in("abe"), 60, 90)
    problem = refused.json()
    assert (refused.status_code, refused.headers["Content-Type"]) == (409, "application/problem+json")
    assert (problem["code"], problem["facts"]["until"]) == ("taken", minute(90).isoformat())
    assert problem["alternatives"][0]["booth"] == "3f-b2"


def test_an_edit_of_what_somebody_else_has_edited_is_refused(doors: Doors):
    kato = doors.signed_in("kato")
    address = book(kato, 60, 90).headers["Location"]
    moved = kato.patch(address, json={"booth": "3f-b2"}, headers={"If-Match": '"1"'})
    assert (moved.status_code, moved.headers["ETag"]) == (200, '"2"')
    for tag in ('"1"', "W/abc"):
        assert kato.delete(address, headers={"If-Match": tag}).status_code == 412
    assert kato.delete(address, headers={"If-Match": '"2"'}).json()["state"] == "cancelled"


def test_a_retry_under_the_same_key_is_the_same_booking(doors: Doors):
    kato = doors.signed_in("kato")
    first, again = (book(kato, 60, 90, **{"Idempotency-Key": "tap-1"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert book(kato, 120, 150, **{"Idempotency-Key": "tap-1"}).json()["code"] == "key_reused"


def test_who_may_not_is_told_so(doors: Doors):
    kato, abe = doors.signed_in("kato"), doors.signed_in("abe")
    address = book(kato, 60, 90).headers["Location"]
    assert abe.get(address).status_code == 404
    assert doors.stranger().get(address).status_code == 401
    assert abe.post(f"{SITE}/booths/3f-b1/closures", json={"reason": "x"}).status_code == 403
    assert doors.signed_in("seer", Role.EXECUTIVE).post(f"{SITE}/bookings", json=wanted(60, 90)).status_code == 403
    clerk = doors.signed_in("clerk", Role.FACILITY)
    assert clerk.delete(address).json()["state"] == "cancelled"


def test_a_booth_is_closed_and_opened_and_both_are_in_the_audit_log(doors: Doors):
    kato, clerk = doors.signed_in("kato"), doors.signed_in("clerk", Role.FACILITY)
    address = book(kato, 60, 90).headers["Location"]
    closed = clerk.post(f"{SITE}/booths/3f-b1/closures", json={"reason": "故障"})
    assert [each["booth"] for each in closed.json()["moved"]] == ["3f-b2"]
    assert kato.get(address).json()["booth"] == "3f-b2"
    assert clerk.get(f"{SITE}/booths").json()[0]["state"] == "closed"
    assert clerk.delete(f"{SITE}/closures/{closed.json()['closure_id']}").status_code == 204
    actions = [row[0] for row in doors.conn.execute("SELECT action FROM shigotoba.audit_log ORDER BY audit_id")]
    assert actions[-2:] == ["booth.close", "booth.reopen"]


def test_a_series_a_wait_and_a_delegate(doors: Doors):
    kato, other = doors.signed_in("kato"), people(doors.conn, 1)[0]
    series = {
        "booth": "3f-b1", "weekdays": [4], "first": "2026-11-26", "last": "2026-12-03", "begins": "10:00",
        "ends": "11:00",
    }  # fmt: skip
    assert [day["skipped"] for day in kato.post(f"{SITE}/series/plan", json=series).json()] == [None, None]
    made = kato.post(f"{SITE}/series", json=series).json()
    assert len(kato.delete(f"/api/v1/series/{made['series_id']}").json()) == 2
    entry = kato.post(f"{SITE}/waitlist", json=wanted(60, 90)).json()
    assert [each["entry_id"] for each in kato.get("/api/v1/waitlist").json()] == [entry["entry_id"]]
    assert kato.delete(f"/api/v1/waitlist/{entry['entry_id']}").status_code == 204
    assert kato.put(f"/api/v1/delegates/{other}").status_code == 204
    assert kato.get("/api/v1/delegates").json() == [other]
    book(kato, 60, 90)
    day = {"first": "2026-11-24", "last": "2026-11-24"}
    assert len(kato.post(f"{SITE}/cancellations", json=day).json()) == 1


@pytest.mark.parametrize("moment", ["2026-11-24T10:00", "0001-01-01T00:00Z", "9999-12-31T23:59:59Z", "soon"])
def test_times_without_a_zone_or_beyond_reason_are_refused(doors: Doors, moment: str):
    body = wanted(60, 90) | {"start": moment}
    assert doors.signed_in("kato").post(f"{SITE}/bookings", json=body).status_code == 422


def test_a_day_shows_what_is_booked_but_not_by_whom(doors: Doors):
    book(doors.signed_in("kato"), 60, 90)
    slots = doors.signed_in("abe").get(f"{SITE}/booths/3f-b1/slots", params={"day": "2026-11-24"}).json()
    assert [(slot["kind"], slot["booking_id"]) for slot in slots] == [
        ("closed", None), ("free", None), ("booked", None), ("free", None), ("closed", None),
    ]  # fmt: skip
    assert minute(90) - minute(60) == timedelta(minutes=30)


def test_a_policy_is_said_checked_taken_back_and_on_record(doors: Doors):
    admin, kato = doors.signed_in("admin", Role.SITE_ADMIN), doors.signed_in("kato")
    path = f"{SITE}/booking-policies"
    said = admin.post(path, json={"booth": "3f-b1", "rules": {"longest_min": 30}})
    assert said.status_code == 201
    assert book(kato, 60, 120).json()["code"] == "too_long"
    assert book(kato, 60, 120, "3f-b2").status_code == 201
    for rules in ({"longest_minutes": 30}, {"longest_min": 5000}, {"grace_min": 0}):
        assert admin.post(path, json={"rules": rules}).json()["code"] == "bad_rules"
    contradicting = admin.post(path, json={"rules": {"shortest_min": 45}, "first": "2027-04-01"}).json()
    assert contradicting["code"] == "rules_contradict"
    assert contradicting["facts"] == {
        "booth": "ブース3-1", "day": "2027-04-01", "shortest_min": 45, "longest_min": 30
    }  # fmt: skip
    assert admin.post(path, json={"rules": {"shortest_min": 300}}).json()["facts"]["day"] is None
    assert admin.post(path, json={"booth": "3f-b1", "rules": {}}).json()["code"] == "policy_overlaps"
    assert kato.post(path, json={"rules": {}}).status_code == 403
    [policy] = kato.get(path).json()
    assert (policy["place"], policy["code"], policy["rules"]) == ("booth", "3f-b1", {"longest_min": 30})
    assert admin.delete(f"{path}/{policy['policy_id']}").status_code == 204
    actions = [row[0] for row in doors.conn.execute("SELECT action FROM shigotoba.audit_log ORDER BY audit_id")]
    assert actions[-2:] == ["policy.set", "policy.drop"]


def test_calendars_open_with_their_secret_only_and_a_booths_tells_no_names(doors: Doors):
    kato = doors.signed_in("kato")
    book(kato, 60, 90)
    space = booth_of(doors.conn, "honcho", "3f-b1", NINE).space_id
    secrets = {
        "person": links.make(doors.conn, "person_calendar", doors.person("kato"), NINE),
        "booth": links.make(doors.conn, "booth_calendar", space, NINE),
    }
    stranger = doors.stranger()
    for kind, secret in secrets.items():
        answer = stranger.get(f"/ics/{kind}/{secret}.ics")
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        [event] = Calendar.from_ical(answer.text).walk("VEVENT")
        reminders = [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]
        assert reminders == ([timedelta(minutes=-10)] if kind == "person" else [])
        assert event["DTSTART"].dt == minute(60)
        assert (event["SUMMARY"] == "予約あり") is (kind == "booth")
        assert "kato" not in answer.text.lower()
    assert stranger.get(f"/ics/person/{secrets['booth']}.ics").status_code == 404


def test_a_webhook_is_made_by_an_administrator_and_its_secret_is_shown_once(doors: Doors):
    admin = doors.signed_in("admin", Role.SITE_ADMIN)
    made = admin.post(f"{SITE}/webhooks", json={"url": "https://example.lg.jp/hook"}).json()
    assert made["secret"] not in admin.get(f"{SITE}/webhooks").text
    assert admin.get(f"{SITE}/webhooks/{made['webhook_id']}/deliveries").json() == []
    assert admin.delete(f"{SITE}/webhooks/{made['webhook_id']}").status_code == 204
    assert doors.signed_in("kato").get(f"{SITE}/webhooks").status_code == 403
