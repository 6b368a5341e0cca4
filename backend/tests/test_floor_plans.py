"""Plans of a floor over the days, and what the maps show of them."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND, Sought, entries
from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.floorplans.keeping import Draft, drop_plan, save_plan
from shigotoba_backend.floorplans.pictures import read_picture
from shigotoba_backend.floorplans.plans import Placed, fittings, plan, plans_on, versions
from shigotoba_backend.read.now import spaces_now
from shigotoba_testing.web import Doors

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

# 20 November, 23:30 in Japan.
NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 80"><rect width="120" height="80"/></svg>'


def draft(first: date, x: float, **more: object) -> Draft:
    return Draft("3f", first, 12.0, 8.0, (Placed("3f-s01", x, 1.0),), **more)  # type: ignore[arg-type]


def seat_at(conn: psycopg.Connection, at: datetime) -> float:
    return next(each.x for each in spaces_now(conn, "honcho", at) if each.space == "3f-s01")


def test_the_map_shows_the_plan_of_its_day_and_a_place_that_is_on_none_where_the_site_file_says(
    conn: psycopg.Connection,
):
    assert seat_at(conn, NOW) == 1.0
    save_plan(conn, "honcho", draft(date(2026, 4, 1), 3.0), COMMAND, NOW)
    save_plan(conn, "honcho", draft(TODAY + DAY, 7.0), COMMAND, NOW)
    # Midnight in Japan, not in Greenwich.
    assert [seat_at(conn, NOW), seat_at(conn, NOW + timedelta(minutes=30))] == [3.0, 7.0]
    assert {each.space: each.x for each in spaces_now(conn, "honcho", NOW)}["3f-b1"] == 5.0
    days = [(each.first, each.beyond) for each in versions(conn, "honcho", "3f")]
    assert days == [(TODAY + DAY, None), (date(2026, 4, 1), TODAY + DAY)]


def test_what_has_been_stays_as_it_was(conn: psycopg.Connection):
    first = save_plan(conn, "honcho", draft(date(2026, 4, 1), 3.0), COMMAND, NOW)
    with pytest.raises(ProblemError, match="plan_in_the_past"):
        save_plan(conn, "honcho", draft(TODAY - DAY, 4.0), COMMAND, NOW)
    with pytest.raises(ProblemError, match="plan_in_force"):
        drop_plan(conn, "honcho", first, COMMAND, NOW)
    again = [save_plan(conn, "honcho", draft(TODAY, x), COMMAND, NOW) for x in (4.0, 5.0)][1]
    assert [each.plan_id for each in versions(conn, "honcho", "3f")] == [again, first]
    assert plan(conn, "honcho", first).places == (Placed("3f-s01", 3.0, 1.0),)


def test_a_plan_that_has_not_begun_can_be_taken_back_and_the_one_before_goes_on(conn: psycopg.Connection):
    first = save_plan(conn, "honcho", draft(TODAY, 3.0), COMMAND, NOW)
    later = save_plan(conn, "honcho", draft(TODAY + 9 * DAY, 4.0), COMMAND, NOW)
    between = save_plan(conn, "honcho", draft(TODAY + 5 * DAY, 5.0), COMMAND, NOW)
    drop_plan(conn, "honcho", between, COMMAND, NOW)
    days = [(each.plan_id, each.first, each.beyond) for each in versions(conn, "honcho", "3f")]
    assert days == [(later, TODAY + 9 * DAY, None), (first, TODAY, TODAY + 9 * DAY)]
    done = [each.action for each in entries(conn, Sought(frozenset({"honcho"}), whole=False, topic="floor_plan"))]
    assert done == ["floor_plan.drop", *["floor_plan.save"] * 3]


def test_a_new_plan_takes_over_the_picture_of_another_of_its_site(conn: psycopg.Connection):
    picture = read_picture(SVG)
    first = save_plan(conn, "honcho", draft(TODAY, 3.0, picture=picture), COMMAND, NOW)
    save_plan(conn, "honcho", draft(TODAY + DAY, 3.0, picture_of=first), COMMAND, NOW)
    assert [each.media_type for each in plans_on(conn, "honcho", TODAY + DAY)] == ["image/svg+xml"]


def test_devices_stand_on_the_plan_of_the_floor_they_serve(conn: psycopg.Connection):
    assert [each.space for each in fittings(conn, "honcho", "3f", NOW)] == ["3f-b1", "3f-p1", "3f-s01", "3f-s02"]
    devices = (Placed("ble-5448e68f80a5", 1.004, 1.0),)
    saved = plan(conn, "honcho", save_plan(conn, "honcho", draft(TODAY, 3.0, devices=devices), COMMAND, NOW))
    assert saved.devices == (Placed("ble-5448e68f80a5", 1.0, 1.0),)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Draft("9f", TODAY, 12.0, 8.0), "no_such_floor"),
        (Draft("3f", TODAY, 0.5, 8.0), "bad_size"),
        (Draft("3f", TODAY, 12.0, 8.0, (Placed("3f-s01", 12.5, 1.0),)), "off_the_plan"),
        (Draft("3f", TODAY, 12.0, 8.0, (Placed("4f-s01", 2.0, 1.0),)), "not_on_this_floor"),
        (Draft("3f", TODAY, 12.0, 8.0, devices=(Placed("mfp-none", 2.0, 1.0),)), "not_on_this_floor"),
        (Draft("3f", TODAY, 12.0, 8.0, picture_of=999), "no_such_plan"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_nothing_is_left_of_it(conn: psycopg.Connection, wanted: Draft, code: str):
    with pytest.raises(ProblemError, match=code):
        save_plan(conn, "honcho", wanted, COMMAND, NOW)
    assert versions(conn, "honcho") == []


def test_over_http_an_administrator_saves_and_staff_look_at_a_picture_that_can_do_nothing(web: Doors):
    hostile = SVG.replace(b"<rect", b"<script>steal()</script><rect")
    wanted = {
        "floor": "3f",
        "first": "2026-04-01",
        "width_m": 12,
        "height_m": 8,
        "places": [{"code": "3f-s01", "x": 2.5, "y": 1}],
        "picture": base64.b64encode(hostile).decode(),
    }
    admin, staff = web.signed_in("admin", Role.SITE_ADMIN), web.signed_in("sato", Role.STAFF)
    plan_id = admin.post("/api/v1/sites/honcho/floor-plans", json=wanted).json()["plan_id"]
    assert staff.get(f"/api/v1/sites/honcho/floor-plans/{plan_id}").json()["places"][0]["x"] == 2.5
    shown = staff.get(f"/api/v1/sites/honcho/floor-plans/{plan_id}/picture")
    assert b"steal" not in shown.content
    assert shown.headers["content-type"].startswith("image/svg+xml")
    assert "sandbox" in shown.headers["content-security-policy"]
