"""The series that people bring, from ``catalogue.toml``, and the indicators they become.

A series becomes one indicator; with special factors a second one that leaves them out; with ``change`` a further one
(or two) that compare it with the base year. Responsible for that expansion. Refuses to hold figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Final, Literal

import msgspec

from shigotoba_backend.indicators.model import Basis, Indicator, Measure
from shigotoba_backend.indicators.scopes import ScopeKind

Kind = Literal["amount", "rate", "point", "survey"]

EXCLUDING: Final = "_excluding"
"""Behind the key of a series: the indicator without its special factors."""

_SCOPES: Final[tuple[ScopeKind, ...]] = ("organisation", "site", "section")
_OVER_TIME: Final[tuple[Basis, ...]] = ("single_month", "fiscal_year_to_date", "fiscal_year")
_COMPARED: Final[tuple[Basis, ...]] = ("same_month", "fiscal_year_to_date", "fiscal_year")
_MEASURES: Final[Mapping[Kind, Measure]] = {"amount": "total", "rate": "rate", "point": "point", "survey": "rate"}
_BASES: Final[Mapping[Kind, tuple[Basis, ...]]] = {
    "amount": _OVER_TIME,
    "rate": (*_OVER_TIME, "point_in_time"),
    "point": ("point_in_time",),
    "survey": ("survey", "point_in_time", "fiscal_year"),
}


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the comparison of a series with its base year is called."""

    key: str
    name: str
    name_en: str


class Series(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A series of figures that people bring.

    Attributes:
        key: Its identity, and that of its first indicator.
        name: In Japanese.
        name_en: In English.
        definition: What is counted and what is not, in Japanese.
        definition_en: The same in English.
        kind: How its figures behave over time.
        unit: In which they are kept.
        words: How people write that unit; counts of a rate included.
        direction: Which way is better.
        columns: Usual headings of the column with the value.
        numerators: Of a rate: headings of the count above the line.
        denominators: Of a rate: headings of the count below it.
        special: Whether special factors are brought beside it.
        small_cells: Whether its counts are people, of whom few may not be shown.
        anchor: Code of the definition it follows (research/workplace.md section 3b).
        change: Its comparison with the base year; None where nobody compares.
    """

    key: str
    name: str
    name_en: str
    definition: str
    definition_en: str
    kind: Kind
    unit: str
    words: tuple[str, ...]
    direction: Literal["up", "down", "none"]
    columns: tuple[str, ...]
    numerators: tuple[str, ...] = ()
    denominators: tuple[str, ...] = ()
    special: bool = False
    small_cells: bool = False
    anchor: str = ""
    change: Change | None = None

    @property
    def in_per_cent(self) -> bool:
        """Whether its values are shares."""
        return self.unit == "%"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    series: tuple[Series, ...]


class UnknownSeriesError(LookupError):
    """Nobody brings a series of that key; the message lists those there are."""


def series(key: str) -> Series:
    """The series ``key``.

    Raises:
        UnknownSeriesError: There is none.
    """
    try:
        return SERIES[key]
    except KeyError:
        raise UnknownSeriesError(f"There is no series “{key}”. There are: {', '.join(SERIES)}.") from None


def series_of(indicator_key: str) -> tuple[Series, bool]:
    """The series an imported indicator tells of, and whether it leaves special factors out.

    Raises:
        UnknownSeriesError: There is none.
    """
    if indicator_key.endswith(EXCLUDING):
        found = series(indicator_key.removesuffix(EXCLUDING))
        if found.special:
            return found, True
    return series(indicator_key), False


def _indicators(of: Series) -> Iterator[Indicator]:
    for excluding in (False, True) if of.special else (False,):
        told = _told(of, excluding)
        yield told
        if of.change is not None:
            yield _compared(told, of.change, excluding)


def _told(of: Series, excluding: bool) -> Indicator:
    return Indicator(
        key=of.key + EXCLUDING * excluding,
        name=of.name + "（特殊要因除く）" * excluding,
        name_en=of.name_en + ", special factors left out" * excluding,
        definition=of.definition + "特殊要因を除く。" * excluding,
        definition_en=of.definition_en + " Special factors are left out." * excluding,
        formula=_formula(of, excluding),
        unit=of.unit,
        scopes=_SCOPES,
        bases=_BASES[of.kind],
        direction=of.direction,
        decimals=1 if of.in_per_cent else 0,
        source="import",
        small_cells="people" if of.small_cells else "none",
        measure=_MEASURES[of.kind],
        factor=100.0 if of.in_per_cent else 1.0,
        anchor=of.anchor,
    )


def _compared(told: Indicator, change: Change, excluding: bool) -> Indicator:
    return msgspec.structs.replace(
        told,
        key=change.key + EXCLUDING * excluding,
        name=change.name + "（特殊要因除く）" * excluding,
        name_en=change.name_en + ", special factors left out" * excluding,
        definition=f"{told.name}の基準年度に対する増減率。減少は負の数。",
        definition_en=f"{told.name_en} against the base year; a reduction is negative.",
        formula=f"100 * ({told.key} - base) / base",
        unit="%",
        bases=_COMPARED,
        decimals=1,
        measure="change",
        of=told.key,
        factor=100.0,
    )


def _formula(of: Series, excluding: bool) -> str:
    if of.kind in ("rate", "survey"):
        return f"100 * numerator / {'(denominator - excluded)' if excluding else 'denominator'}"
    return f"value{' - excluded' if excluding else ''}"


_READ: Final = msgspec.toml.decode(
    files("shigotoba_backend.imports").joinpath("catalogue.toml").read_bytes(), type=_File
)
SERIES: Final[Mapping[str, Series]] = {each.key: each for each in _READ.series}
IMPORTED: Final[tuple[Indicator, ...]] = tuple(indicator for each in _READ.series for indicator in _indicators(each))
"""Every indicator that imported series become, in the order of the file."""
