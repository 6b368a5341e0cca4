"""設定, and decisions on 機器, sent through the house as a form sends them."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
import pytest

from shigotoba_backend.accounts.roles import ALLOWED, Action, Role
from shigotoba_backend.api.problems import ProblemError
from shigotoba_dashboard.changes import ChangeRefusedError
from shigotoba_dashboard.house import House, NotForYouError, Sent
from shigotoba_dashboard.pages.settings import PAGE
from shigotoba_dashboard.visitors import Visitor

pytestmark = pytest.mark.integration


def somebody(role: Role) -> Visitor:
    def may(action: Action, site: str | None) -> bool:
        return action in ALLOWED[role] and site == "honcho"

    return Visitor(role.value, None, may, door="/sign-in?back=")


def send(house: House, change: str, /, role: Role = Role.SITE_ADMIN, **fields: str) -> str:
    return house.change("settings", change, Sent({"site": "honcho", **fields}), somebody(role)).told


def rows(house: House, part: str, key: str) -> list[tuple[Any, ...]]:
    visitor = somebody(Role.ORGANISATION_ADMIN)
    return list(house.records("settings", f"part={part}", key, visitor)[1].rows)


@pytest.mark.parametrize("name", PAGE.changes)
def test_only_who_manages_the_site_changes_it_and_no_other_site(settled_house: House, name: str):
    for role in Role:
        if Action.MANAGE_SITE not in ALLOWED[role]:
            with pytest.raises(NotForYouError):
                send(settled_house, name, role)
    with pytest.raises(NotForYouError):
        send(settled_house, name, site="elsewhere")


def test_hours_are_typed_as_people_write_them(settled_house: House):
    told = send(settled_house, "hours", weekdays="6", opens="9:00", closes="12:30", first="令和8年11月28日")
    assert told == "保存しました。"
    assert ("土曜日", "9:00", "12:30") in [row[:3] for row in rows(settled_house, "calendar", "opening-hours")]
    with pytest.raises(ChangeRefusedError, match="「朝」は時刻ではありません"):
        send(settled_house, "hours", weekdays="6", opens="朝", closes="12:30", first="2026-11-28")


def test_a_device_is_moved_at_a_time_and_never_before(settled_house: House):
    device, place = rows(settled_house, "devices", "device-places")[0][0], "3f-s01"
    send(settled_house, "move", device=device, space=place, at="2026-11-20 17:30")
    moved = next(row for row in rows(settled_house, "devices", "device-places") if row[0] == device)
    assert moved[4] == place
    with pytest.raises(ProblemError, match="past_is_settled"):
        send(settled_house, "move", device=device, space="", at="2026-11-19")


def test_places_holidays_and_closures_are_entered(settled_house: House):
    send(
        settled_house,
        "new-place",
        code="3f-s99",
        floor="3f",
        kind="seat",
        name="3-99",
        seat_type="window",
        capacity="1",
    )
    send(settled_house, "place", code="3f-s99", name="", seat_type="=", capacity="2")
    assert ("3-99", "3f-s99", "3f", "座席", "window", 2) in rows(settled_house, "places", "places")
    send(settled_house, "holiday", first="2027-04-29", last="", name="昭和の日", name_en="Showa Day")
    assert "昭和の日" in [row[2] for row in rows(settled_house, "calendar", "holidays")]
    send(settled_house, "closure", space="3f-s99", since="2026-11-21 9:00", until="", reason="清掃")
    assert "清掃" in [row[3] for row in rows(settled_house, "calendar", "closures")]


SECTIONS = """
INSERT INTO shigotoba.section (organisation_id, code, name, name_en)
SELECT organisation_id, 'somu', '総務課', 'General Affairs' FROM shigotoba.organisation
"""


def test_seats_and_printers_are_given_to_a_section_many_at_once(settled_office: Any, settled_house: House):
    with psycopg.connect(settled_office.database, autocommit=True) as conn:
        conn.execute(SECTIONS)
    told = send(settled_house, "serve", places="3f-p1 3f-s0*", section="somu", first="令和8年4月1日")
    assert told == "10か所を登録しました。"
    served = {row[1]: row[4:] for row in rows(settled_house, "sections", "section-places")}
    assert (served["3f-p1"], served["3f-s10"]) == (("総務課", date(2026, 4, 1)), (None, None))
    with pytest.raises(ChangeRefusedError, match="座席か複合機の場所を1つ以上"):
        send(settled_house, "serve", places=" ", section="somu", first="2026-04-01")
    send(settled_house, "serve", places="3f-*", section="", first="2026-04-01")
    assert {row[4] for row in rows(settled_house, "sections", "section-places")} == {None}


A_RISE = """
INSERT INTO shigotoba.counter_hold (device_id, name, from_at, to_at, from_value, to_value, rise, cause)
SELECT device_id, name, %(at)s - interval '3 days', %(at)s, 4, 9004, 9000, 'long_gap'
FROM shigotoba.device CROSS JOIN unnest('{impressions_total,impressions_copy}'::text[]) AS name
WHERE device.code = (SELECT min(code) FROM shigotoba.device WHERE kind = 'mfp')
RETURNING hold_id"""


def decide(house: House, role: Role = Role.FACILITY, **fields: str) -> str:
    return house.change("devices", "held-rises", Sent({"site": "honcho", **fields}), somebody(role)).told


def test_a_decision_is_about_everything_that_rose_at_once_and_not_past_somebody_elses(
    settled_office: Any, settled_house: House
):
    with psycopg.connect(settled_office.database, autocommit=True) as conn:
        numbers = [row[0] for row in conn.execute(A_RISE, {"at": settled_office.now})]
        both = " ".join(f"{number}:0" for number in numbers)
        with pytest.raises(NotForYouError):
            decide(settled_house, Role.AUDITOR, rises=both, decision="release", reason="代行印刷")
        with pytest.raises(ChangeRefusedError, match="計上するか除外するか"):
            decide(settled_house, rises=both, decision="", reason="代行印刷")
        with pytest.raises(ProblemError, match="rise_reason_missing"):
            decide(settled_house, rises=both, decision="release", reason=" ")
        told = decide(settled_house, rises=both, decision="release", reason="代行印刷")
        assert told == "登録しました。数値は1分以内に変わります。"
        with pytest.raises(ProblemError, match="decided_meanwhile"):
            decide(settled_house, rises=both, decision="refuse", reason="基板の交換")
        kept = conn.execute("SELECT decision, reason FROM shigotoba.counter_hold").fetchall()
        logged = conn.execute("SELECT action, reason FROM shigotoba.audit_log WHERE action LIKE 'counter.%'").fetchall()
    assert kept == [("release", "代行印刷")] * 2
    assert logged == [("counter.release", "代行印刷")] * 2
