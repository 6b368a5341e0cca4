"""Rules at other values than the default, and said for a zone: they reach the booking itself."""

from __future__ import annotations

import psycopg
import pytest

from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.bookings.making import book, walk_in
from shigotoba_backend.bookings.policies import Scope, drop_policy, set_policy
from shigotoba_backend.bookings.record import reread
from shigotoba_backend.bookings.rules import booth_of
from shigotoba_backend.bookings.using import check_in, extend
from shigotoba_backend.bookings.values import WalkIn
from shigotoba_testing.booths import NINE, minute, office, refused, rules, wish
from shigotoba_testing.web import Doors

pytestmark = pytest.mark.integration

QUIET_ZONE = """
WITH made AS (
    INSERT INTO shigotoba.zone (site_id, floor_id, code, name, name_en)
    SELECT site_id, floor_id, '3f-quiet', '静かな区画', 'Quiet' FROM shigotoba.floor WHERE code = '3f'
    RETURNING zone_id
)
UPDATE shigotoba.space SET zone_id = made.zone_id FROM made WHERE code IN ('3f-b1', '3f-b2')
"""


def longest_min(conn: psycopg.Connection, booth: str) -> int:
    return booth_of(conn, "honcho", booth, NINE).rules.longest_min


def test_a_zones_rule_is_nearer_than_the_sites_and_farther_than_the_booths(conn, somebody):
    conn.execute(QUIET_ZONE)
    for scope, longest in (
        (Scope("honcho"), 90),
        (Scope("honcho", "3f-quiet"), 45),
        (Scope("honcho", None, "3f-b2"), 30),
    ):
        set_policy(conn, scope, (None, None), {"longest_min": longest})
    assert [longest_min(conn, booth) for booth in ("3f-b1", "3f-b2", "4f-b1")] == [45, 30, 90]
    with refused("too_long"):
        book(conn, somebody[0], wish(0, 60), NINE)
    assert book(conn, somebody[0], wish(0, 45), NINE)
    assert book(conn, somebody[1], wish(0, 90, "4f-b1"), NINE)
    with refused("not_found"):
        set_policy(conn, Scope("honcho", "3f-loud"), (None, None), {"longest_min": 45})


def test_a_zones_rule_is_said_read_and_held_against_the_others_over_the_api(web: Doors):
    office(web.conn)
    web.conn.execute(QUIET_ZONE)
    web.at, path = NINE, "/api/v1/sites/honcho/booking-policies"
    admin = web.signed_in("admin", Role.SITE_ADMIN)
    assert admin.post(path, json={"zone": "3f-quiet", "rules": {"longest_min": 30}}).status_code == 201
    [said] = admin.get(path).json()
    assert (said["place"], said["code"], said["rules"]) == ("zone", "3f-quiet", {"longest_min": 30})
    assert admin.post(path, json={"rules": {"shortest_min": 45}}).json()["code"] == "rules_contradict"
    assert admin.post(path, json={"zone": "3f-quiet", "rules": {}}).json()["code"] == "policy_overlaps"
    assert admin.delete(f"{path}/{said['policy_id']}").status_code == 204
    assert admin.get(path).json() == []


def test_a_rule_is_taken_back_whatever_contradicts_itself_elsewhere(conn: psycopg.Connection):
    """A booth that comes into another zone brings its rules along; nobody is asked then."""
    office(conn)
    conn.execute(QUIET_ZONE.replace("'3f-b1', '3f-b2'", "'3f-b1'"))
    set_policy(conn, Scope("honcho", "3f-quiet"), (None, None), {"longest_min": 30})
    own = set_policy(conn, Scope("honcho", None, "3f-b2"), (None, None), {"shortest_min": 45})
    other = set_policy(conn, Scope("honcho", None, "4f-b1"), (None, None), {"grace_min": 5})
    conn.execute("UPDATE shigotoba.space SET zone_id = zone.zone_id FROM shigotoba.zone WHERE space.code = '3f-b2'")
    assert drop_policy(conn, "honcho", other) == {"grace_min": 5}
    assert drop_policy(conn, "honcho", own) == {"shortest_min": 45}


def test_grace_early_check_in_walk_in_and_extension_last_as_long_as_the_office_says(conn, somebody):
    rules(conn, grace_min=25, early_check_in_min=3, default_walk_in_min=20, extend_min=5, concurrent=2)
    abe, kato = somebody[0], somebody[1]
    booking = book(conn, abe, wish(60, 120), NINE)
    assert (booking.check_in_from, booking.lapses_at) == (minute(57), minute(85))
    with refused("too_early"):
        check_in(conn, abe, booking.booking_id, "phone", minute(56.9))
    assert reread(conn, booking.booking_id, minute(84.9)).state == "held"
    assert check_in(conn, abe, booking.booking_id, "phone", minute(84.9)).state == "checked_in"
    walked_in = walk_in(conn, kato, WalkIn("honcho", "3f-b2"), NINE)
    assert walked_in.end == minute(20)
    assert extend(conn, kato, walked_in.booking_id, None, minute(10)).end == minute(25)
    late = book(conn, kato, wish(60, 120, "4f-b1"), NINE)
    assert reread(conn, late.booking_id, minute(85)).state == "released"


def test_a_booking_shorter_than_the_shortest_or_for_more_than_there_is_room_is_refused_with_the_limit(conn, somebody):
    rules(conn, shortest_min=40)
    with refused("too_short") as short:
        book(conn, somebody[0], wish(0, 39), NINE)
    with refused("too_many_guests") as crowd:
        book(conn, somebody[0], wish(0, 40, guests=2), NINE)
    assert (short.value.facts, crowd.value.facts) == ({"shortest_min": 40}, {"most": 1})
    assert book(conn, somebody[0], wish(0, 40, guests=1), NINE).guests == 1


def test_hours_of_a_week_count_from_monday_and_are_cut_at_its_midnight(conn, somebody):
    rules(conn, week_hours=2.0, outside_hours=True, over_midnight=True)
    abe, day = somebody[0], 1440
    book(conn, abe, wish(0, 60), NINE)
    with refused("quota_hours") as breach:
        book(conn, abe, wish(day, day + 61), NINE)
    assert breach.value.facts == {"limit_h": 2.0, "period": "week", "used_h": 1.0}
    # From 23:30 on Sunday: half an hour belongs to this week, an hour and a half to the next.
    sunday = 5 * day + 14 * 60 + 30
    book(conn, abe, wish(sunday, sunday + 120), NINE)
    with refused("quota_hours"):
        book(conn, abe, wish(6 * day, 6 * day + 31), NINE)
    assert book(conn, abe, wish(6 * day, 6 * day + 30), NINE)
    assert book(conn, abe, wish(day, day + 30), NINE)
