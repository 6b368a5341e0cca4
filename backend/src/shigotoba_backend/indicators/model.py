"""What an indicator is, what a source delivers for it, and what a value of it says.

Responsible for these shapes, which telemetry, imports, exports and pages share. Refuses to know any indicator.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from shigotoba_backend.indicators.periods import Period
from shigotoba_backend.indicators.scopes import Scope, ScopeKind

Basis = Literal[
    "single_month", "same_month", "fiscal_year_to_date", "fiscal_year", "point_in_time", "survey", "as_published"
]
SmallCells = Literal["none", "people", "seats", "printers"]
Measure = Literal["total", "rate", "per_head", "mean", "point", "change", "extreme"]
Reason = Literal[
    "",
    "no_data",
    "no_open_hours",
    "no_headcount",
    "no_base_year",
    "zero_base",
    "zero_denominator",
    "no_common_months",
    "small_cell",
    "not_here",
    "not_over",
]


class Indicator(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the registry.

    Attributes:
        key: Its identity, ASCII.
        name: In Japanese.
        name_en: In English.
        definition: What it says and what it leaves out, in Japanese.
        definition_en: The same in English.
        formula: How it is computed, in the words of the other keys and columns.
        unit: ``%``, ``sheets``, ``impressions``, ``h``, ``people``, ...; part of a rate's meaning.
        scopes: What it can be told of.
        bases: On which bases.
        direction: Which way is better.
        decimals: How many it is shown with.
        source: Where its amounts come from.
        small_cells: Whose number decides whether a cell is too small to be shown.
        measure: How amounts become a value: a ``total`` adds up, a ``rate`` divides two sums, a ``mean`` divides by the
            months that are known, ``per_head`` divides a sum by the number at its beginning, a ``point`` is the last
            known, a ``change`` compares another indicator with its base year, an ``extreme`` is asked for the period as
            a whole, for it can not be put together from months.
        of: The indicator a change compares; empty otherwise.
        factor: What the quotient of a rate is multiplied with; 100 for per cent.
        anchor: Which code of research/workplace.md section 3b, or whose usage, it follows.
    """

    key: str
    name: str
    name_en: str
    definition: str
    definition_en: str
    formula: str
    unit: str
    scopes: tuple[ScopeKind, ...]
    bases: tuple[Basis, ...]
    direction: Literal["up", "down", "none"]
    decimals: int
    source: Literal["telemetry", "import"]
    small_cells: SmallCells
    measure: Measure
    of: str = ""
    factor: float = 1.0
    anchor: str = ""

    def seen_as(self, scope: Scope) -> Scope:
        """Whose figure it is, for who may see it: that of a printer's place is the printer's."""
        return Scope("device", scope.code) if scope.kind == "space" and self.small_cells == "printers" else scope


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """What a source knows of one stretch.

    Attributes:
        first: Its first day; the day itself for a value at a point in time.
        months: 1 for a month, 12 for a fiscal year known only as a whole, 0 for a point in time.
        numerator: None for missing, which is never 0.
        denominator: Of a rate; None where there is none.
        coverage: Known share of what should be known, 0 to 1; None where that has no meaning.
        estimate: 推計.
        exclusions: What is left out, in words; empty for nothing.
        as_of: When the newest of it was known.
        revised_at: When late data or a correction changed it; None for never.
        moment: Of an extreme, when it was.
        reason: Why the numerator is None, where that is more than that nothing is known.
        partial: Whether what tells of it was there for a part of the stretch alone; then it is not compared.
    """

    first: date
    months: int
    numerator: float | None
    denominator: float | None = None
    coverage: float | None = None
    estimate: bool = False
    exclusions: str = ""
    as_of: datetime | None = None
    revised_at: datetime | None = None
    moment: datetime | None = None
    reason: Reason = ""
    partial: bool = False


class BaseFigure(msgspec.Struct, frozen=True, kw_only=True):
    """What a value was compared with.

    Attributes:
        fiscal_year: The base year.
        value: Of the base, over the compared months.
        months: The base's months that both sides have; fewer than the period's with a mid-year baseline.
        estimate: Whether any of it is one.
        published: Whether the base is out and therefore fixed.
    """

    fiscal_year: int
    value: float
    months: tuple[date, ...]
    estimate: bool
    published: bool


class IndicatorValue(msgspec.Struct, frozen=True, kw_only=True):
    """A value with everything that belongs beside it.

    Attributes:
        key: Of the indicator.
        scope: What it is about.
        period: For which days.
        basis: On which basis.
        value: As it is published, per cent as per cent; None for "—", and then ``reason`` says why.
        numerator: What was divided, or summed.
        denominator: By what; None where nothing was.
        unit: Of the value.
        coverage: Known share of what should be known, 0 to 1; None where that has no meaning.
        estimate: 推計.
        exclusions: What is left out.
        base: What it was compared with; None where nothing was.
        target: For the fiscal year, where one was set.
        moment: Of an extreme, when it was.
        as_of: When the newest of it was known.
        revised_at: 更新: when it was last changed by what came late; None for never.
        reason: Why there is no value.
        partial: See ``Amount``.
    """

    key: str
    scope: Scope
    period: Period
    basis: Basis
    value: float | None
    unit: str
    numerator: float | None = None
    denominator: float | None = None
    coverage: float | None = None
    estimate: bool = False
    exclusions: str = ""
    base: BaseFigure | None = None
    target: float | None = None
    moment: datetime | None = None
    as_of: datetime | None = None
    revised_at: datetime | None = None
    reason: Reason = ""
    partial: bool = False
