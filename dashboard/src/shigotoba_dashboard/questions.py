"""Questions to the indicators, and what became of them.

Responsible for asking a figure with its months before it, of the scope that is meant, up to the newest month that has
one. Refuses words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

import psycopg

from shigotoba_backend.imports.held import series_held
from shigotoba_backend.indicators.model import Basis, Indicator, IndicatorValue
from shigotoba_backend.indicators.periods import Period, month, months_later, to_date
from shigotoba_backend.indicators.registry import indicator
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import values_of
from shigotoba_backend.read.sites import organisation_of

#: A year and the month it is compared with.
MONTHS: Final = 13


@dataclass(frozen=True)
class Question:
    """A figure that may be asked for.

    Attributes:
        key: Of the indicator.
        basis: On which basis.
        of: Whether it is the site's figure or its organisation's.
    """

    key: str
    basis: Basis
    of: Literal["site", "organisation"] = "site"


@dataclass(frozen=True)
class Found:
    """A figure with its months.

    Attributes:
        entry: The indicator.
        values: Month by month, oldest first.
    """

    entry: Indicator
    values: tuple[IndicatorValue, ...]

    @property
    def newest(self) -> IndicatorValue:
        """The newest month with a value; the newest of all where none has one."""
        return next((value for value in reversed(self.values) if value.value is not None), self.values[-1])

    @property
    def before(self) -> IndicatorValue | None:
        """The month before the newest with a value."""
        place = self.values.index(self.newest)
        return self.values[place - 1] if place else None


def scope_of(conn: psycopg.Connection, site: str, of: Literal["site", "organisation"]) -> Scope:
    """The scope that is meant at a site."""
    return Scope("site", site) if of == "site" else Scope("organisation", organisation_of(conn, site))


def scope_brought(conn: psycopg.Connection, series: str, site: str) -> Scope:
    """Of what brought figures are shown at a site: the organisation; the site where only its own are held."""
    held = {each.scope for each in series_held(conn) if each.series == series}
    whole, own = scope_of(conn, site, "organisation"), scope_of(conn, site, "site")
    return own if str(own) in held and str(whole) not in held else whole


def ask_all(
    conn: psycopg.Connection,
    questions: Sequence[Question],
    site: str,
    today: date,
    now: datetime,
    floor: str | None = None,
) -> tuple[Found, ...]:
    """The last months of figures, up to the last that is over; those of one basis and scope are asked for together.

    With ``floor``, what is the site's is asked of that floor, and what is not told of floors is left out.
    """
    together: dict[tuple[Basis, Literal["site", "organisation"]], list[str]] = {}
    for question in (each for each in questions if floor is None or _of_floors(each)):
        together.setdefault((question.basis, question.of), []).append(question.key)
    found: dict[Question, Found] = {}
    for (basis, of), keys in together.items():
        periods = [_period(basis, months_later(today, -back)) for back in range(MONTHS, 0, -1)]
        scope = Scope("floor", f"{site}/{floor}") if floor and of == "site" else scope_of(conn, site, of)
        values = values_of(conn, keys, [scope], periods, basis, now)
        found |= {Question(key, basis, of): Found(indicator(key), tuple(told)) for (key, _), told in values.items()}
    return tuple(found[question] for question in questions if question in found)


def _of_floors(question: Question) -> bool:
    return question.of == "organisation" or "floor" in indicator(question.key).scopes


def first_answered(
    conn: psycopg.Connection, topics: Sequence[Sequence[Question]], site: str, today: date, now: datetime
) -> tuple[Found, ...]:
    """Of each topic's questions the first that has a value; the last one where none has.

    What comes first in the topics is asked together, then what comes second in those that have no answer yet.
    """
    found: dict[int, Found] = {}
    for turn in range(max(map(len, topics))):
        open_ones = [number for number, topic in enumerate(topics) if turn < len(topic) and not _answers(found, number)]
        answers = ask_all(conn, [topics[number][turn] for number in open_ones], site, today, now)
        found |= dict(zip(open_ones, answers, strict=True))
    return tuple(found[number] for number in range(len(topics)))


def _answers(found: Mapping[int, Found], number: int) -> bool:
    return number in found and found[number].newest.value is not None


def _period(basis: Basis, first: date) -> Period:
    whole = basis == "fiscal_year_to_date"
    return to_date(first.year, first.month) if whole else month(first.year, first.month)
