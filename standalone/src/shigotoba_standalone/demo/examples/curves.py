"""Example figures as tables: what ``curves.toml`` describes, for the months and years before a birthday.

The same birthday gives the same figures. Responsible for the arithmetic. Refuses to write files (see ``files``).
"""

from __future__ import annotations

import math
import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any, Final

YEARS_BEFORE: Final = 4
"""So many fiscal years before the one of the birthday lies the base year."""

STEP_YEARS_BEFORE: Final = 1
"""The initiative that steps follow took effect in April, so many fiscal years before that of the birthday."""

_APRIL: Final = 4
_NOTE: Final = "例"
Row = Sequence[object]


@dataclass(frozen=True)
class Table:
    """A file to be: its name without ``.csv``, and its rows with the headings first."""

    name: str
    rows: tuple[Row, ...]


def fiscal_year_of(day: date) -> int:
    """The fiscal year, which begins in April."""
    return day.year - (day.month < _APRIL)


def tables(birthday: date) -> Iterator[Table]:
    """Every example table as it stands on ``birthday``."""
    described = tomllib.loads(
        resources.files("shigotoba_standalone.demo.examples").joinpath("curves.toml").read_text(encoding="utf-8")
    )
    for each in described["amounts"]:
        yield _amounts(each, birthday)
    for each in described["shares"]:
        yield _shares(each, birthday)
    for each in described["yearly"]:
        yield _yearly(each, birthday)


def _amounts(told: dict[str, Any], birthday: date) -> Table:
    special = told.get("special")
    months = _months(birthday)[:12] if told.get("base_year_only") else _months(birthday)
    chance = random.Random(told["file"])
    rows = [_amount_row(told, number, month, birthday, chance) for number, month in enumerate(months)]
    headings = ["期間", told["heading"], *(["特殊要因", "特殊要因の内容"] if special else []), "推計", "備考"]
    return Table(told["file"], (headings, *rows))


def _amount_row(told: dict[str, Any], number: int, month: date, birthday: date, chance: random.Random) -> Row:
    value = told["start"] * told.get("yearly", 1.0) ** (number / 12) * _season(month, told["season"])
    value *= chance.gauss(1, told["noise"]) * (told.get("step", 1.0) if _stepped(month, birthday) else 1.0)
    whole = told["round"]
    amount = max(whole, round(value / whole) * whole)
    special = told.get("special")
    taken: list[object] = []
    if special:
        hit = month.month == special["month"]
        taken = [round(amount * special["share"]), special["reason"]] if hit else ["", ""]
    return [_written(month), amount, *taken, "推計" if told.get("base_year_only") else "", _NOTE]


def _shares(told: dict[str, Any], birthday: date) -> Table:
    months, chance = _months(birthday), random.Random(told["file"])
    first, last = told["shares"]
    rows: list[Row] = []
    for number, month in enumerate(months):
        whole = told["of"] if told.get("fixed") else round(told["of"] * chance.gauss(1, 0.06))
        share = first + (last - first) * number / max(1, len(months) - 1)
        share *= told.get("step", 1.0) if _stepped(month, birthday) else 1.0
        rows.append([_written(month), min(whole, round(whole * share * chance.gauss(1, 0.03))), whole, _NOTE])
    return Table(told["file"], (["期間", told["part"], told["whole"], "備考"], *rows))


def _yearly(told: dict[str, Any], birthday: date) -> Table:
    base = fiscal_year_of(birthday) - YEARS_BEFORE
    rows = [[f"{base + number}年度", *values, _NOTE] for number, values in enumerate(told["rows"])]
    return Table(told["file"], (["期間", *told["headings"], "備考"], *rows))


def _months(birthday: date) -> list[date]:
    """First days of the months from April of the base year to the last one that is over."""
    year = fiscal_year_of(birthday) - YEARS_BEFORE
    count = (birthday.year - year) * 12 + birthday.month - _APRIL
    return [date(year + (number + 3) // 12, (number + 3) % 12 + 1, 1) for number in range(count)]


def _season(month: date, swing: float) -> float:
    """Most in March, when the fiscal year ends."""
    return 1 + swing * math.cos(2 * math.pi * (month.month - 3) / 12)


def _stepped(month: date, birthday: date) -> bool:
    return month >= date(fiscal_year_of(birthday) - STEP_YEARS_BEFORE, _APRIL, 1)


def _written(month: date) -> str:
    return f"{month.year}年{month.month}月"
