"""What the paperless page asks.

Responsible for the questions behind one figure of one fiscal year. Refuses words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import psycopg

from shigotoba_backend.imports.catalogue import EXCLUDING
from shigotoba_backend.indicators.bases import BaseYear, amounts_of, base_of, bases_of
from shigotoba_backend.indicators.model import Indicator, IndicatorValue
from shigotoba_backend.indicators.periods import Period, month, months_later, to_date
from shigotoba_backend.indicators.periods import fiscal_year as whole_year
from shigotoba_backend.indicators.places import UnknownScopeError
from shigotoba_backend.indicators.registry import REGISTRY, indicator
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.targets import Target, targets
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.read.devices import devices_seen
from shigotoba_backend.read.sites import sections
from shigotoba_backend.reference.published import PublishedFigure, reference_lines
from shigotoba_dashboard.dates import fiscal_year
from shigotoba_dashboard.figures.months import Year
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import name_of
from shigotoba_dashboard.questions import scope_of

#: In the order of the links; the first that is in the registry is shown to who has not chosen.
FIGURES: Final = (
    "impressions",
    "copies",
    "sheets",
    "a4_equivalents",
    "fax_pages",
    "copy_paper_purchased",
    "copies_reported",
    "fax_items_reported",
    "electronic_decision_rate",
)


@dataclass(frozen=True)
class Part:
    """A part of the whole: a floor, a section or a printer.

    Attributes:
        kind: Which of these.
        name: In the reader's language.
        value: Its figure of the year to date.
    """

    kind: str
    name: str
    value: IndicatorValue


@dataclass(frozen=True)
class PaperView:
    """What the page knows.

    Attributes:
        fiscal_year: Which year.
        year: The figure by month.
        change: How it changed against the base, by month of the year to date; empty where nobody compares it.
        change_entry: That indicator; None likewise.
        without: The same without special factors; empty where none are brought.
        bases: Base years that may be chosen.
        goals: Targets of the change.
        parts: Who uses how much.
        published: What others have published.
    """

    fiscal_year: int
    year: Year
    change: tuple[IndicatorValue, ...]
    change_entry: Indicator | None
    without: tuple[IndicatorValue, ...]
    bases: tuple[BaseYear, ...]
    goals: tuple[Target, ...]
    parts: tuple[Part, ...]
    published: tuple[PublishedFigure, ...]


def chosen_figure(filters: Filters) -> str:
    """Key of the figure in the address; the first for anything else."""
    asked = filters.get("figure")
    return asked if asked in FIGURES and asked in REGISTRY else next(key for key in FIGURES if key in REGISTRY)


def chosen_base(filters: Filters) -> int | None:
    """The base year in the address."""
    asked = filters.get("base") or ""
    return int(asked) if asked.isdecimal() and len(asked) == 4 else None


def read(conn: psycopg.Connection, filters: Filters) -> PaperView:
    """Everything the page shows."""
    key, year, base_year = chosen_figure(filters), fiscal_year(filters.elapsed.last), chosen_base(filters)
    entry = indicator(key)
    scope = scope_of(conn, filters.site, "site" if entry.source == "telemetry" else "organisation")
    compared = next((each for each in REGISTRY.values() if each.of == key), None)
    change = _change(conn, compared, scope, year, filters, base_year)
    without = REGISTRY.get(compared.key + EXCLUDING) if compared else None
    return PaperView(
        fiscal_year=year,
        year=_year(conn, entry, scope, year, filters, base_year),
        change=change,
        change_entry=compared,
        without=_change(conn, without, scope, year, filters, base_year) if without else (),
        bases=tuple(base for base in bases_of(conn, key, str(scope)) if not base.superseded),
        goals=tuple(targets(conn, compared.key, str(scope))) if compared else (),
        parts=_parts(conn, entry, year, filters),
        published=reference_lines(compared.key if compared else key),
    )


def _year(
    conn: psycopg.Connection, entry: Indicator, scope: Scope, year: int, filters: Filters, base_year: int | None
) -> Year:
    firsts = [months_later(whole_year(year).first, number) for number in range(12)]
    this = [month(first.year, first.month) for first in firsts]
    before = [month(first.year - 1, first.month) for first in firsts]
    values = indicator_values(conn, entry.key, scope, [*before, *this], "single_month", filters.at)
    base = base_of(conn, entry.key, str(scope), base_year)
    amounts = {amount.first.month: amount for amount in amounts_of(conn, base.base_year_id)} if base else {}
    held = (amounts.get(first.month) for first in firsts)
    of_base = tuple(amount.numerator if amount and amount.months == 1 else None for amount in held)
    return Year(entry, tuple(values[12:]), tuple(values[:12]), of_base, base.fiscal_year if base else None)


def _change(
    conn: psycopg.Connection,
    entry: Indicator | None,
    scope: Scope,
    year: int,
    filters: Filters,
    base_year: int | None,
) -> tuple[IndicatorValue, ...]:
    if entry is None or scope.kind not in entry.scopes:
        return ()
    firsts = (months_later(whole_year(year).first, number) for number in range(12))
    periods = [to_date(first.year, first.month) for first in firsts if first <= filters.today]
    return tuple(
        indicator_values(conn, entry.key, scope, periods, "fiscal_year_to_date", filters.at, base_year=base_year)
    )


def _parts(conn: psycopg.Connection, entry: Indicator, year: int, filters: Filters) -> tuple[Part, ...]:
    words, site = filters.words, filters.site
    floors = [("floor", name_of(floor, words), f"{site}/{floor.code}") for floor in filters.places.floors]
    units = [("section", name_of(each, words), f"{each.organisation}/{each.code}") for each in sections(conn, site)]
    seen = [device for device in devices_seen(conn, site, filters.at) if device.kind == "mfp"]
    printers = [("device", f"{each.space_name or '—'} {each.device}", f"{site}/{each.device}") for each in seen]
    last = filters.today if fiscal_year(filters.today) == year else whole_year(year).months[-1]
    period = to_date(last.year, last.month)
    asked = [(name, Scope.parse(f"{kind}:{code}")) for kind, name, code in (*floors, *units, *printers)]
    if "fiscal_year_to_date" not in entry.bases:
        return ()
    return tuple(
        Part(scope.kind, name, value)
        for name, scope in asked
        if scope.kind in entry.scopes
        for value in _told_of(conn, entry, scope, period, filters)
    )


def _told_of(
    conn: psycopg.Connection, entry: Indicator, scope: Scope, period: Period, filters: Filters
) -> list[IndicatorValue]:
    """The figure of a part; nothing for a section that no place serves at this time."""
    try:
        return indicator_values(conn, entry.key, scope, [period], "fiscal_year_to_date", filters.at)
    except UnknownScopeError:
        return []
