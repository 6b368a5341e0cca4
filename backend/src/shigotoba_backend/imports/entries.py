"""The rows of a file as figures of one series, or what is wrong with them, cell by cell.

Responsible for what must hold within one file: units, limits, counts that fit together, every period once. Refuses to
look at what is stored (see ``preview``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from shigotoba_backend.imports.catalogue import Series
from shigotoba_backend.imports.columns import Columns, Meaning
from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.numerals import Bound, Figure, read_figure
from shigotoba_backend.imports.periods import named, read_period
from shigotoba_backend.imports.sheets import Row
from shigotoba_backend.imports.widths import ordinary
from shigotoba_backend.indicators.periods import Period
from shigotoba_backend.texts import Texts, message

_FIGURES: Final[tuple[Meaning, ...]] = ("value", "numerator", "denominator", "excluded")
_YES: Final = {"推計", "推計値", "見込", "見込み", "概算", "○", "〇", "1", "true", "yes", "はい", "有", "*"}
_NO: Final = {"", "0", "false", "no", "いいえ", "無", "×", "-", "実績", "確定"}

WRONG_UNIT: Final = message("“{written}” is in {unit}, but this series is kept in {wanted}.")
NEGATIVE: Final = message("“{written}” is negative. Write what was counted; the reduction is computed from it.")
ABOVE_ALL: Final = message("“{written}” is more than 100 %.")
ABOVE_DENOMINATOR: Final = message("The part {numerator} is more than the whole {denominator}.")
NOTHING_LEFT: Final = message("The special factors {excluded} leave nothing of {whole}.")
NO_REASON: Final = message("The special factors have no reason. Say in a few words what they are.")
NOT_SPECIAL: Final = message("This series knows no special factors. Leave the column blank.")
HALF_A_RATE: Final = message("Of part and whole only one is given. Give both, or the percentage alone.")
NOT_YES_OR_NO: Final = message(
    "“{written}” is neither yes nor no. Write 推計 for an estimate and leave it blank otherwise."
)
YET_TO_COME: Final = message("{period} is not over yet. Mark the figure as an estimate (推計) if it is one.")
TWICE: Final = message("{period} stands in row {row} already.")
NOT_WHOLE_MONTHS: Final = message("{period} is not made of whole months.")
MORE_CELLS: Final = message('“{beyond}” has no heading. A number with commas needs quotes in CSV: "12,345".')
NOT_A_DAY: Final = message("This series is told for a day. Write a date such as 2023-03-31.")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of a series as it is to be kept.

    Attributes:
        period: When it is from.
        numerator: The value; of a rate the count above the line, or the percentage itself where no counts are known.
        denominator: The count below the line.
        excluded: What special factors take away; None where nothing was said of them.
        excluded_reason: What they are.
        estimate: 推計.
        bound: Whether the value is only a limit (200件以上).
        written: The value as it was written.
        note: A remark.
        source: Where the figure comes from.
        row: Where it stands in its file; 0 for none.
    """

    period: Period
    numerator: Decimal | None
    denominator: Decimal | None = None
    excluded: Decimal | None = None
    excluded_reason: str = ""
    estimate: bool = False
    bound: Bound = "exact"
    written: str = ""
    note: str = ""
    source: str = ""
    row: int = 0


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a cell.

    Attributes:
        row: As Excel counts.
        column: Its heading.
        complaint: What is wrong and what to do.
    """

    row: int
    column: str
    complaint: ComplaintError

    def said(self, texts: Texts) -> str:
        """The problem in words."""
        return self.complaint.said(texts)


class Read(msgspec.Struct, frozen=True):
    """What a file came to: figures, problems, and periods whose value is blank."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    blank: tuple[Period, ...]


def read_entries(columns: Columns, series: Series, source: str, today: date) -> Read:
    """The figures of a file. A blank value is not a zero: the row is left out and said to be.

    Args:
        columns: The file.
        series: What it is about.
        source: Where the figures come from, for rows that do not say so themselves.
        today: Days from here on have not been yet.
    """
    reader = _Reader(columns, series, source, today)
    for row in columns.rows:
        reader.take(row)
    return Read(tuple(reader.entries), tuple(reader.problems), tuple(reader.blank))


class _Reader:
    def __init__(self, columns: Columns, series: Series, source: str, today: date) -> None:
        self._columns, self._series, self._source, self._today = columns, series, source, today
        self._seen: dict[Period, int] = {}
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []
        self.blank: list[Period] = []

    def take(self, row: Row) -> None:
        if beyond := " ".join(row.cells[len(self._columns.header.cells) :]).strip():
            complaint = ComplaintError(MORE_CELLS, beyond=beyond)
            self.problems.append(Problem(row.number, self._columns.heading("value"), complaint))
            return
        period = self._period(row)
        if period is None:
            return
        if not any(self._columns.cell(row, meaning) for meaning in ("value", "numerator", "denominator")):
            self.blank.append(period)
            return
        figures: dict[Meaning, Figure | None] = {meaning: self._figure(row, meaning) for meaning in _FIGURES}
        estimate = self._estimate(row)
        if any(problem.row == row.number for problem in self.problems):
            return
        entry = self._entry(row, period, figures, estimate)
        found = list(complaints_about(entry, self._series, self._today))
        self.problems += [Problem(row.number, self._columns.heading(where), complaint) for where, complaint in found]
        if not found:
            self.entries.append(entry)

    def _period(self, row: Row) -> Period | None:
        try:
            period = read_period(self._columns.cell(row, "period"))
            _check_period(period, self._series, self._seen.get(period))
        except ComplaintError as complaint:
            self.problems.append(Problem(row.number, self._columns.heading("period"), complaint))
            return None
        self._seen[period] = row.number
        return period

    def _figure(self, row: Row, meaning: Meaning) -> Figure | None:
        written = self._columns.cell(row, meaning)
        if not written:
            return None
        try:
            return _checked_unit(read_figure(written), written, meaning, self._series)
        except ComplaintError as complaint:
            self.problems.append(Problem(row.number, self._columns.heading(meaning), complaint))
            return None

    def _estimate(self, row: Row) -> bool:
        written = self._columns.cell(row, "estimate")
        plain = ordinary(written).lower()
        if plain not in _YES | _NO:
            complaint = ComplaintError(NOT_YES_OR_NO, written=written)
            self.problems.append(Problem(row.number, self._columns.heading("estimate"), complaint))
        return plain in _YES

    def _entry(self, row: Row, period: Period, figures: dict[Meaning, Figure | None], estimate: bool) -> Entry:
        given = [figure for figure in figures.values() if figure is not None]
        counted = figures["numerator"] is not None or figures["denominator"] is not None
        above = figures["numerator"] if counted else figures["value"]
        value_column: Meaning = "numerator" if counted else "value"
        return Entry(
            period=period,
            numerator=_value(above),
            denominator=_value(figures["denominator"]),
            excluded=_value(figures["excluded"]),
            excluded_reason=self._columns.cell(row, "excluded_reason"),
            estimate=estimate or any(figure.estimate for figure in given),
            bound=above.bound if above is not None else "exact",
            written=self._columns.cell(row, value_column),
            note=self._columns.cell(row, "note"),
            source=self._columns.cell(row, "source") or self._source,
            row=row.number,
        )


def complaints_about(entry: Entry, series: Series, today: date) -> Iterator[tuple[Meaning, ComplaintError]]:
    """What is wrong with a figure, whichever way it came, and with which part of it."""
    if entry.period.beyond > today and entry.period.first >= today and not entry.estimate:
        yield "period", ComplaintError(YET_TO_COME, period=named(entry.period))
    if entry.numerator is not None and entry.numerator < 0:
        yield "value", ComplaintError(NEGATIVE, written=entry.written)
    if series.in_per_cent:
        yield from _complaints_about_rate(entry)
    elif entry.numerator is None:
        yield "value", ComplaintError(HALF_A_RATE)
    yield from _complaints_about_special(entry, series)


def _complaints_about_rate(entry: Entry) -> Iterator[tuple[Meaning, ComplaintError]]:
    above, below = entry.numerator, entry.denominator
    if above is None:
        yield "numerator", ComplaintError(HALF_A_RATE)
    elif below is None and above > 100:
        yield "value", ComplaintError(ABOVE_ALL, written=entry.written)
    elif below is not None and above > below:
        yield "numerator", ComplaintError(ABOVE_DENOMINATOR, numerator=f"{above:,}", denominator=f"{below:,}")


def _complaints_about_special(entry: Entry, series: Series) -> Iterator[tuple[Meaning, ComplaintError]]:
    if entry.excluded is None:
        return
    if not series.special:
        yield "excluded", ComplaintError(NOT_SPECIAL)
        return
    whole = entry.denominator if series.in_per_cent else entry.numerator
    if whole is not None and not 0 <= entry.excluded <= whole:
        yield "excluded", ComplaintError(NOTHING_LEFT, excluded=f"{entry.excluded:,}", whole=f"{whole:,}")
    if entry.excluded and not entry.excluded_reason:
        yield "excluded_reason", ComplaintError(NO_REASON)


def _check_period(period: Period, series: Series, row: int | None) -> None:
    if row is not None:
        raise ComplaintError(TWICE, period=named(period), row=row)
    if series.kind == "point" and period.kind != "day":
        raise ComplaintError(NOT_A_DAY)
    if series.kind == "amount" and (period.first.day != 1 or period.beyond.day != 1):
        raise ComplaintError(NOT_WHOLE_MONTHS, period=named(period))


def _checked_unit(figure: Figure, written: str, meaning: Meaning, series: Series) -> Figure:
    counts = meaning != "value"
    fitting = [word for word in series.words if not (counts and word == "%")]
    if figure.unit and figure.unit not in fitting:
        raise ComplaintError(
            WRONG_UNIT, written=written, unit=figure.unit, wanted=fitting[0] if fitting else series.unit
        )
    if series.in_per_cent and not counts and figure.unit not in ("", "%"):
        raise ComplaintError(WRONG_UNIT, written=written, unit=figure.unit, wanted="%")
    return figure


def _value(figure: Figure | None) -> Decimal | None:
    return None if figure is None else figure.value
