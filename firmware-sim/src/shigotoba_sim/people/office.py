"""What the site file says of the office's people and hours: sections, how many work where, when the house is open.

Responsible for these rows. Refuses to know what anybody does on a given day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from shigotoba_sim.clock import next_day
from shigotoba_sim.people.calendar import days_off
from shigotoba_sim.people.staff import Department

CODES: Final = {
    "総務課": ("somu", "General Affairs"),
    "企画政策課": ("kikaku", "Planning"),
    "税務課": ("zeimu", "Taxation"),
    "福祉課": ("fukushi", "Welfare"),
    "建設課": ("kensetsu", "Construction"),
    "情報政策課": ("joho", "Digital Affairs"),
}
"""Code and English name of each department."""


def office_rows(departments: Iterable[Department], opened_on: date, lively_on: date) -> dict[str, Any]:
    """Opening hours, holidays, sections and headcounts as the site file has them.

    Args:
        departments: With their floors; one may sit on several.
        opened_on: First day.
        lively_on: From then on the building lives, and is open, round the clock.
    """
    everybody = list(departments)
    return {
        "opening_hours": [*_office_hours(opened_on, lively_on), _hours(range(1, 8), ("00:00", "24:00"), lively_on)],
        "holidays": [
            {"since": day.isoformat(), "until": next_day(day).isoformat(), "name": name, "name_en": name_en}
            for day, name, name_en in days_off(opened_on, lively_on)
        ],
        "sections": [
            {"code": code, "name": name, "name_en": name_en}
            for name, (code, name_en) in CODES.items()
            if any(department.name == name for department in everybody)
        ],
        "headcounts": [
            {
                "section": CODES[department.name][0],
                "floor": department.floor,
                "as_of": opened_on.isoformat(),
                "people": department.people,
            }
            for department in everybody
        ],
    }


def _office_hours(opened_on: date, lively_on: date) -> list[dict[str, Any]]:
    if opened_on >= lively_on:
        return []
    return [_hours(range(1, 6), ("08:30", "17:15"), opened_on) | {"until": lively_on.isoformat()}]


def _hours(weekdays: range, times: tuple[str, str], since: date) -> dict[str, Any]:
    return {"weekdays": list(weekdays), "opens": times[0], "closes": times[1], "since": since.isoformat()}
