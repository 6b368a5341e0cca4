"""What the paperless page asks.

Responsible for the questions behind one figure of one fiscal year. Refuses words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import psycopg

from shigotoba_backend.imports.catalogue import EXCLUDING
from shigotoba_backend.indicators.bases import BaseYear, amounts_of, base_of, bases_of
from shigotoba_backend.indicators.cells import held_back
from shigotoba_backend.indicators.model import Basis, Indicator, IndicatorValue
from shigotoba_backend.indicators.periods import Period, month, months_later, to_date
from shigotoba_backend.indicators.periods import fiscal_year as whole_year
from shigotoba_backend.indicators.registry import REGISTRY, indicator
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.targets import targets
from shigotoba_backend.indicators.values import indicator_values, values_where_known
from shigotoba_backend.read.devices import printers_seen
from shigotoba_backend.read.sites import organisation_of, sections
from shigotoba_backend.reference.published import PublishedFigure, reference_lines
from shigotoba_dashboard.dates import fiscal_year
from shigotoba_dashboard.figures.months import Year
from shigotoba_dashboard.figures.trajectory import Way
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import name_of
from shigotoba_dashboard.questions import scope_brought, scope_of

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
        scope: Which.
        name: In the reader's language.
        value: Its figure of the year to date.
    """

    scope: Scope
    name: str
    value: IndicatorValue


@dataclass(frozen=True)
class Factor:
    """A special factor of a month: what was taken away, and why."""

    month: Period
    amount: float
    reason: str


@dataclass(frozen=True)
class PaperView:
    """What the page knows.

    Attributes:
        fiscal_year: Which year.
        scope: Of what the figure is.
        year: The figure by month.
        change: How it changed against the base, by month of the year to date; empty where nobody compares it.
        change_entry: That indicator; None likewise.
        without: The same without special factors; empty where none are brought.
        bases: Base years that may be chosen.
        way: The change year by year on the way to its targets; None where nobody compares it or no base is set.
        basis: On which basis the change of the year is told.
        factors: Special factors of the year: month, amount taken away, what they are.
        parts: Who uses how much.
        published: What others have published.
    """

    fiscal_year: int
    scope: Scope
    year: Year
    change: tuple[IndicatorValue, ...]
    change_entry: Indicator | None
    without: tuple[IndicatorValue, ...]
    bases: tuple[BaseYear, ...]
    way: Way | None
    basis: Basis
    factors: tuple[Factor, ...]
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


def chosen_basis(filters: Filters) -> Basis:
    """The basis in the address; the year to date for anything else."""
    return "same_month" if filters.get("basis") == "same_month" else "fiscal_year_to_date"


def read(conn: psycopg.Connection, filters: Filters) -> PaperView:
    """Everything the page shows."""
    key, year, base_year = chosen_figure(filters), fiscal_year(filters.elapsed.last), chosen_base(filters)
    entry = indicator(key)
    telling = entry.source == "telemetry"
    scope = scope_of(conn, filters.site, "site") if telling else scope_brought(conn, entry.key, filters.site)
    compared = next((each for each in REGISTRY.values() if each.of == key), None)
    change = _change(conn, compared, scope, year, filters, base_year)
    without = REGISTRY.get(compared.key + EXCLUDING) if compared else None
    return PaperView(
        fiscal_year=year,
        scope=scope,
        year=_year(conn, entry, scope, year, filters, base_year),
        change=change,
        change_entry=compared,
        without=_change(conn, without, scope, year, filters, base_year) if without else (),
        bases=tuple(base for base in bases_of(conn, key, str(scope)) if not base.superseded),
        way=_way(conn, compared, scope, year, filters, base_year),
        basis=chosen_basis(filters),
        factors=_factors(conn, entry, scope, year, filters),
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
    base = _told_base(conn, entry, scope, base_year)
    amounts = {amount.first.month: amount for amount in amounts_of(conn, base.base_year_id)} if base else {}
    held = (amounts.get(first.month) for first in firsts)
    of_base = tuple(amount.numerator if amount and amount.months == 1 else None for amount in held)
    without = REGISTRY.get(entry.key + EXCLUDING) if entry.measure == "rate" else None
    left = indicator_values(conn, without.key, scope, this, "single_month", filters.at) if without else []
    return Year(entry, tuple(values[12:]), tuple(values[:12]), of_base, base.fiscal_year if base else None, tuple(left))


def _told_base(conn: psycopg.Connection, entry: Indicator, scope: Scope, base_year: int | None) -> BaseYear | None:
    """The base year, unless its cell was too small to be told."""
    base = base_of(conn, entry.key, str(scope), base_year)
    if base is None or held_back(conn, entry.small_cells, [scope], {base.fiscal_year}):
        return None
    return base


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
    basis = chosen_basis(filters)
    firsts = (months_later(whole_year(year).first, number) for number in range(12))
    begun = [month(first.year, first.month) for first in firsts if first <= filters.today]
    return tuple(indicator_values(conn, entry.key, scope, begun, basis, filters.at, base_year=base_year))


def _way(
    conn: psycopg.Connection,
    entry: Indicator | None,
    scope: Scope,
    year: int,
    filters: Filters,
    base_year: int | None,
) -> Way | None:
    if entry is None or scope.kind not in entry.scopes:
        return None
    base = base_of(conn, entry.of, str(scope), base_year)
    if base is None or base.fiscal_year >= year:
        return None
    running = year == fiscal_year(filters.today)
    over = [whole_year(each) for each in range(base.fiscal_year + 1, year + (0 if running else 1))]
    known = indicator_values(conn, entry.key, scope, over, "fiscal_year", filters.at, base_year=base_year)
    if running:
        so_far = to_date(filters.today.year, filters.today.month)
        known += indicator_values(
            conn, entry.key, scope, [so_far], "fiscal_year_to_date", filters.at, base_year=base_year
        )
    return Way(entry, base.fiscal_year, tuple(known), running, tuple(targets(conn, entry.key, str(scope))))


def _factors(
    conn: psycopg.Connection, entry: Indicator, scope: Scope, year: int, filters: Filters
) -> tuple[Factor, ...]:
    without = REGISTRY.get(entry.key + EXCLUDING)
    if without is None or entry.measure != "total":
        return ()
    firsts = [months_later(whole_year(year).first, number) for number in range(12)]
    months = [month(first.year, first.month) for first in firsts]
    both = (indicator_values(conn, key, scope, months, "single_month", filters.at) for key in (entry.key, without.key))
    return tuple(
        Factor(whole.period, whole.value - rest.value, rest.exclusions)
        for whole, rest in zip(*both, strict=True)
        if whole.value is not None and rest.value is not None and rest.exclusions
    )


def _parts(conn: psycopg.Connection, entry: Indicator, year: int, filters: Filters) -> tuple[Part, ...]:
    words, site = filters.words, filters.site
    whole = [("organisation", words.say("the whole organisation"), organisation_of(conn, site))]
    sites = [("site", name_of(each, words), each.code) for each in filters.places.sites]
    floors = [("floor", name_of(floor, words), f"{site}/{floor.code}") for floor in filters.places.floors]
    units = [("section", name_of(each, words), f"{each.organisation}/{each.code}") for each in sections(conn, site)]
    seen = printers_seen(conn, site, filters.at)
    printers = [("device", f"{each.space_name or '—'} {each.device}", f"{site}/{each.device}") for each in seen]
    last = filters.today if fiscal_year(filters.today) == year else whole_year(year).months[-1]
    period = to_date(last.year, last.month)
    if "fiscal_year_to_date" not in entry.bases:
        return ()
    asked = [(name, Scope.parse(f"{kind}:{code}")) for kind, name, code in (*whole, *sites, *floors, *units, *printers)]
    told_of = [scope for _name, scope in asked if scope.kind in entry.scopes]
    found = values_where_known(conn, [entry.key], told_of, [period], "fiscal_year_to_date", filters.at)
    return tuple(
        Part(scope, name, value)
        for name, scope in asked
        for value in found.get((entry.key, scope), ())
        if _is_told(entry, value)
    )


def _is_told(entry: Indicator, value: IndicatorValue) -> bool:
    """Whether anybody brings figures of such a part; what no place serves at this time is not among the values."""
    return entry.source == "telemetry" or value.reason != "no_data"
