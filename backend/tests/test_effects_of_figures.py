"""The effect of an initiative from what the database holds: printers by the hour, two floors, a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import msgspec
import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.effects.measured import observations
from shigotoba_backend.effects.model import Observation
from shigotoba_backend.effects.questions import Answer, effects_of
from shigotoba_backend.effects.words import words
from shigotoba_backend.imports.catalogue import series
from shigotoba_backend.imports.desk import Brought, understand_rows
from shigotoba_backend.imports.keeping import Origin, keep
from shigotoba_backend.indicators.model import IndicatorValue
from shigotoba_backend.indicators.periods import month, months_later
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.plans.cards import Card
from shigotoba_backend.site.description import Device, Floor, SiteFile, Space
from shigotoba_backend.site.importing import import_site
from shigotoba_backend.texts import texts_in

NOW = datetime(2026, 11, 21, tzinfo=UTC)
FIRST = date(2024, 4, 1)
REFIT = date(2025, 10, 1)
CARD = Card(
    "refit", "3階の改修", "働く場所", "done", ["管財課"], 2025, effective_from=REFIT, indicators=["impressions"]
)

AGAINST = replace(CARD, places=["floor:honcho/3f"], compared_with=["floor:honcho/4f"])

CALENDAR = """
INSERT INTO shigotoba.opening_hours
SELECT site_id, weekday, '[2020-01-01,)', '[510,1035)' FROM shigotoba.site, generate_series(1, 5) AS weekday;
INSERT INTO shigotoba.holiday
SELECT site_id, days::daterange, '', '' FROM shigotoba.site,
       unnest('{"[2024-05-03,2024-05-10)", "[2025-05-03,2025-05-10)", "[2026-05-03,2026-05-10)"}'::text[]) AS days;
UPDATE shigotoba.assignment SET during = '[2024-03-31 15:00Z,)'
"""
# Every day one hour is heard of each printer; on open days 100 sides are printed and a little that nobody can foresee.
# Both floors print 30 fewer from April 2026 on, the third 20 fewer since its refit.
PRINTING = """
INSERT INTO shigotoba.printing_hour (device_id, bucket, impressions_total)
SELECT device_id, day + interval '10 hours' - interval '9 hours',
       CASE WHEN extract(isodow FROM day) > 5 OR EXISTS (SELECT FROM shigotoba.holiday WHERE days @> day::date) THEN 0
            ELSE 100 + (extract(doy FROM day)::int * (37 + device_id)) %% 11
                 - CASE WHEN day >= '2026-04-01' THEN 30 ELSE 0 END
                 - CASE WHEN device.code = 'mfp-X001' AND day >= %(refit)s THEN 20 ELSE 0 END END
FROM shigotoba.device, generate_series('2024-04-01'::timestamptz, '2026-10-31', '1 day') AS day
WHERE kind = 'mfp'
"""


REPLACED = """
UPDATE shigotoba.assignment SET during = '[2024-03-31 15:00Z,2025-06-15)'
FROM shigotoba.device WHERE device.device_id = assignment.device_id AND code = 'mfp-X002';
INSERT INTO shigotoba.device (site_id, code, kind, keep_alive_s)
SELECT site_id, 'mfp-X003', kind, keep_alive_s FROM shigotoba.device WHERE code = 'mfp-X002';
INSERT INTO shigotoba.assignment (device_id, space_id, during)
SELECT new.device_id, space_id, '[2025-06-15,)'
FROM shigotoba.device AS new, shigotoba.device AS old JOIN shigotoba.assignment USING (device_id)
WHERE new.code = 'mfp-X003' AND old.code = 'mfp-X002';
UPDATE shigotoba.printing_hour SET device_id = new.device_id
FROM shigotoba.device AS new, shigotoba.device AS old
WHERE new.code = 'mfp-X003' AND old.code = 'mfp-X002'
  AND printing_hour.device_id = old.device_id AND bucket >= '2025-06-15'
"""
CARRIED = """
UPDATE shigotoba.assignment SET space_id = space.space_id
FROM shigotoba.device, shigotoba.space
WHERE device.device_id = assignment.device_id AND device.code = 'mfp-X003' AND space.code = '3f-p1'
"""


@pytest.fixture
def floors(conn: psycopg.Connection, site_file: SiteFile) -> SiteFile:
    """Two floors with a printer each."""
    more = msgspec.structs.replace(
        site_file,
        floors=[*site_file.floors, Floor("4f", "4階", "4th floor", 4)],
        spaces=[*site_file.spaces, Space("4f-p1", "4f", "equipment", None, "複合機2", 0, 9.0, 2.0)],
        devices=[*site_file.devices, Device("mfp-X002", "mfp", "4f-p1", 60.0)],
    )
    import_site(conn, more)
    conn.execute("SET TIME ZONE 'UTC'")
    conn.execute(CALENDAR)
    conn.execute(PRINTING, {"refit": REFIT})
    return more


def answer(conn: psycopg.Connection, card: Card) -> Answer:
    (only,) = effects_of(conn, card, "honcho", [], NOW)
    return only


@pytest.mark.integration
def test_a_refit_is_found_against_a_floor_without_one_whatever_happened_to_both(conn, floors) -> None:
    effect = answer(conn, AGAINST).effect
    assert (effect.verdict, effect.method, effect.per_open_day) == ("fell", "against_comparison", True)
    assert (effect.months_before, effect.months_after) == (18, 13)
    assert effect.low < -20 < effect.high
    assert effect.estimate == pytest.approx(-20, abs=1)
    assert not {"measured_too_little", "printers_changed"} & set(effect.cautions)


@pytest.mark.integration
def test_a_printer_that_came_within_the_months_is_said_to_be_in_the_difference(conn, floors) -> None:
    """A replaced one is not: as many are measured as before."""
    conn.execute(REPLACED)
    assert "printers_changed" not in answer(conn, AGAINST).effect.cautions
    conn.execute(CARRIED)
    told = answer(conn, AGAINST)
    assert "printers_changed" in told.effect.cautions
    said = words(told.effect, "複写", "面", 0, texts_in("ja"))
    assert "この期間に計測した複合機の台数が変わっています。増減した台数の分が差に含まれます。" in said


@pytest.mark.integration
def test_months_in_which_a_printer_was_silent_are_not_taken_for_an_effect(conn, floors) -> None:
    """Two months before, when it was heard for ten days, and the month in which the other came."""
    conn.execute(
        "DELETE FROM shigotoba.printing_hour USING shigotoba.device WHERE device.device_id = printing_hour.device_id"
        " AND code = 'mfp-X001' AND (bucket BETWEEN '2025-07-10' AND '2025-07-31' OR bucket BETWEEN '2025-09-10' AND"
        " '2025-09-30'); UPDATE shigotoba.assignment SET during = '[2024-04-20,)' FROM shigotoba.device"
        " WHERE device.device_id = assignment.device_id AND code = 'mfp-X002'"
    )
    told = answer(conn, AGAINST)
    assert [each.first.month for each in told.question.treated if each.little] == [7, 9]
    assert [each.first for series in told.question.comparisons.values() for each in series if each.little] == [FIRST]
    assert (told.effect.verdict, told.effect.months_before) == ("fell", 15)
    assert told.effect.estimate == pytest.approx(-20, abs=1)
    said = words(told.effect, "複写", "面", 0, texts_in("ja"))
    assert "計測できなかった部分が多い月は除きました（変化がなくても値が小さくなるため）。" in said


@pytest.mark.integration
def test_figures_of_the_organisation_are_told_by_the_day_it_was_open_and_say_so_where_they_are_not(
    conn, floors
) -> None:
    """The same paper each day: months with many holidays buy less of it, and nothing has changed."""
    days = answer(conn, AGAINST).question.open_days
    rows = [
        {"period": f"{first:%Y-%m}", "value": str(1_000 * days[first] + first.month * 37 % 11)}
        for first in (months_later(FIRST, number) for number in range(31))
    ]
    brought = Brought(series("copy_paper_purchased"), Scope("organisation", "main"), "契約課")
    keep(conn, understand_rows(conn, brought, rows, NOW.date()).preview, Origin(form="rest"), COMMAND, "", NOW)
    paper = replace(CARD, indicators=["copy_paper_purchased"])
    told = answer(conn, paper)
    assert (told.scope, told.effect.per_open_day) == (Scope("organisation", "main"), True)
    assert (told.effect.verdict, round(told.effect.before)) == ("no_clear_change", 1_000)
    assert abs(told.effect.low) < 1 > abs(told.effect.high)
    assert "holidays_not_separated" not in told.effect.cautions
    conn.execute("DELETE FROM shigotoba.opening_hours")
    told = answer(conn, paper)
    assert not told.effect.per_open_day
    assert "holidays_not_separated" in told.effect.cautions
    assert any("working days" in sentence for sentence in words(told.effect, "Paper", "sheets", 0, texts_in("en")))


def value(number: int, value: float | None, coverage: float | None, *, partial: bool = False) -> IndicatorValue:
    return IndicatorValue(
        key="sheets",
        scope=Scope("site", "honcho"),
        period=month(2026, number),
        basis="single_month",
        value=value,
        unit="sheets",
        coverage=coverage,
        partial=partial,
    )


def test_a_month_is_left_out_where_clearly_less_of_it_is_known_than_of_the_best() -> None:
    found = observations(
        [
            value(1, 4.0, 0.8),
            value(2, 3.0, 0.61),
            value(3, 1.0, 0.59),
            value(4, None, 0.8),
            value(5, 9.0, 0.8, partial=True),
        ]
    )
    assert [(each.first.month, each.value, each.little) for each in found] == [
        (1, 4.0, False), (2, 3.0, False), (3, None, True), (5, None, True),
    ]  # fmt: skip


def test_months_that_are_all_known_alike_and_figures_people_bring_are_all_compared() -> None:
    assert [each.value for each in observations([value(1, 4.0, 0.3), value(2, 3.0, 0.3)])] == [4.0, 3.0]
    assert observations([value(1, 4.0, None)]) == (Observation(date(2026, 1, 1), 4.0),)
