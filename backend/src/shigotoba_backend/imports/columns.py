"""Which column of a file means what: usual headings per series, or the ones that somebody named for it.

The headings need not be in the first row: the first row that has a period and a value is taken, so that a title above
the table does no harm. Responsible for finding them. Refuses to guess: two columns that fit are a complaint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, get_args

import msgspec

from shigotoba_backend.imports.catalogue import Series
from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.sheets import Row, Sheet
from shigotoba_backend.imports.widths import ordinary
from shigotoba_backend.texts import message

Meaning = Literal[
    "period", "value", "numerator", "denominator", "excluded", "excluded_reason", "estimate", "note", "source"
]
MEANINGS: Final[tuple[Meaning, ...]] = get_args(Meaning)
Template = Mapping[Meaning, tuple[str, ...]]

_DEEPEST_HEADER: Final = 20
_COMMON: Final[Template] = {
    "period": ("期間", "年度", "年月", "時点", "period"),
    "value": ("値", "value"),
    "numerator": ("分子", "numerator"),
    "denominator": ("分母", "denominator"),
    "excluded": ("特殊要因", "除外数", "excluded"),
    "excluded_reason": ("特殊要因の内容", "除外理由", "excluded_reason"),
    "estimate": ("推計", "estimate"),
    "note": ("備考", "note"),
    "source": ("出典", "source"),
}

NO_HEADER: Final = message("No row has a heading for the period ({periods}) and one for the value ({values}).")
TWICE: Final = message("The headings “{first}” and “{second}” both fit. Rename one, or say which column is meant.")


class Columns(msgspec.Struct, frozen=True):
    """Where everything stands in a file.

    Attributes:
        header: The row with the headings.
        places: Position of each meaning that the file has, from 0.
        rows: The rows below it.
    """

    header: Row
    places: dict[Meaning, int]
    rows: tuple[Row, ...]

    def cell(self, row: Row, meaning: Meaning) -> str:
        """What ``row`` says there; empty where there is no such column or cell."""
        place = self.places.get(meaning)
        return row.cells[place].strip() if place is not None and place < len(row.cells) else ""

    def heading(self, meaning: Meaning) -> str:
        """How the column is called in the file; the meaning itself where there is none."""
        place = self.places.get(meaning)
        return self.header.cells[place].strip() if place is not None else meaning


def template_of(series: Series, named: Mapping[Meaning, str] | None = None) -> Template:
    """The headings that fit, by meaning; ``named`` ones are the only ones for their meaning."""
    of_series: Template = {
        "value": (series.name, *series.columns),
        "numerator": series.numerators,
        "denominator": series.denominators,
    }
    fitting: dict[Meaning, tuple[str, ...]] = {
        meaning: (*of_series.get(meaning, ()), *_COMMON[meaning]) for meaning in MEANINGS
    }
    for meaning, heading in (named or {}).items():
        fitting[meaning] = (heading,)
    return fitting


def find_columns(sheet: Sheet, template: Template) -> Columns:
    """The header of ``sheet``, where everything stands, and the rows below.

    Raises:
        ComplaintError: No row is a header, or two columns mean the same.
    """
    for position, row in enumerate(sheet.rows[:_DEEPEST_HEADER]):
        places = dict(_places(row.cells, template))
        if "period" in places and ("value" in places or {"numerator", "denominator"} <= places.keys()):
            return Columns(row, places, sheet.rows[position + 1 :])
    raise ComplaintError(NO_HEADER, periods=", ".join(template["period"]), values=", ".join(template["value"]))


def _places(headings: Sequence[str], template: Template) -> Iterator[tuple[Meaning, int]]:
    plain = [_plain(heading) for heading in headings]
    for meaning, fitting in template.items():
        wanted = {_plain(heading) for heading in fitting}
        found = [place for place, heading in enumerate(plain) if heading in wanted]
        if len(found) > 1:
            raise ComplaintError(TWICE, first=headings[found[0]], second=headings[found[1]])
        if found:
            yield meaning, found[0]


def _plain(heading: str) -> str:
    """A heading without what stands in brackets behind it, such as a unit."""
    return ordinary(heading).split("(")[0].replace(" ", "").replace("\n", "").lower()
