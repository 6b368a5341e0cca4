"""The office in the site file: hours, holidays, sections, headcounts."""

from datetime import date

from shigotoba_sim.people.office import office_rows
from shigotoba_sim.people.staff import Roll, staff

OPENED, LIVELY = date(2025, 12, 26), date(2026, 1, 14)


def test_the_house_keeps_office_hours_until_it_lives_round_the_clock():
    office, lively = office_rows(Roll(7).departments, OPENED, LIVELY)["opening_hours"]
    assert (office["opens"], office["closes"], office["until"]) == ("08:30", "17:15", "2026-01-14")
    assert (lively["opens"], lively["closes"], lively["since"]) == ("00:00", "24:00", "2026-01-14")
    assert len(office_rows(Roll(7).departments, LIVELY, LIVELY)["opening_hours"]) == 1


def test_weekdays_off_are_holidays_with_a_name_in_both_languages():
    holidays = office_rows(Roll(7).departments, OPENED, LIVELY)["holidays"]
    assert [row["since"] for row in holidays] == ["2025-12-29", "2025-12-30", "2025-12-31", "2026-01-01", "2026-01-02",
                                                  "2026-01-12"]  # fmt: skip
    assert (holidays[0]["name"], holidays[0]["name_en"]) == ("年末年始", "New Year closure")
    assert (holidays[-1]["name"], holidays[-1]["name_en"]) == ("成人の日", "Coming of Age Day")


def test_everybody_on_the_roll_is_counted_in_a_section():
    roll = Roll(7, ("3f", "4f", "5f"))
    rows = office_rows(roll.departments, OPENED, LIVELY)
    assert sum(row["people"] for row in rows["headcounts"]) == len(staff(roll))
    assert {row["section"] for row in rows["headcounts"]} == {row["code"] for row in rows["sections"]}
