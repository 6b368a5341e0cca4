"""The way of a file from its bytes to what it would change, in one place for the API and the command line.

Responsible for the order of the steps and for the template of a series. Refuses to keep anything (see ``keeping``).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, cast

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from shigotoba_backend.imports.catalogue import Series
from shigotoba_backend.imports.columns import MEANINGS, Columns, Meaning, find_columns, template_of
from shigotoba_backend.imports.entries import Problem, Read, read_entries
from shigotoba_backend.imports.preview import Preview, preview
from shigotoba_backend.imports.sheets import Row, Sheet, read_sheet
from shigotoba_backend.indicators.periods import Period
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("imports.sql", package="shigotoba_backend.imports")


class Brought(msgspec.Struct, frozen=True):
    """Figures as somebody brings them.

    Attributes:
        series: What they are about.
        scope: Of what.
        source: Where they come from, for rows that do not say so.
    """

    series: Series
    scope: Scope
    source: str


class Understood(msgspec.Struct, frozen=True):
    """What a file came to.

    Attributes:
        preview: What keeping it would change.
        problems: What is wrong with it; where there are any, nothing should be kept.
        blank: Periods whose value is blank.
        form: See ``Sheet``.
        digest: SHA-256 of the file.
    """

    preview: Preview
    problems: tuple[Problem, ...]
    blank: tuple[Period, ...]
    form: str
    digest: str


def understand_file(
    conn: psycopg.Connection, brought: Brought, data: bytes, named: Mapping[Meaning, str], today: date
) -> Understood:
    """What the file ``data`` would change.

    Args:
        conn: The store.
        brought: What the figures are.
        data: The file.
        named: Headings that somebody named, by meaning; those remembered for the series hold otherwise.
        today: In the site's zone.

    Raises:
        ComplaintError: The file cannot be read at all.
    """
    sheet = read_sheet(data)
    headings = named or remembered_headings(conn, brought)
    columns = find_columns(sheet, template_of(brought.series, headings))
    return _understood(conn, brought, read_entries(columns, brought.series, brought.source, today), sheet, data)


def understand_rows(
    conn: psycopg.Connection, brought: Brought, rows: Sequence[Mapping[Meaning, str]], today: date
) -> Understood:
    """The same for figures without a file; row 1 is the first of them."""
    header = Row(0, MEANINGS)
    cells = tuple(Row(n, tuple(row.get(meaning, "") for meaning in MEANINGS)) for n, row in enumerate(rows, start=1))
    columns = Columns(header, {meaning: place for place, meaning in enumerate(MEANINGS)}, cells)
    read = read_entries(columns, brought.series, brought.source, today)
    return _understood(conn, brought, read, Sheet(cells, "rest"), msgspec.json.encode(rows))


def remembered_headings(conn: psycopg.Connection, brought: Brought) -> dict[Meaning, str]:
    """The headings that were named for the series before."""
    row = conn.execute(_QUERIES["template"], _cell(brought)).fetchone()
    return cast("dict[Meaning, str]", row[0]) if row else {}


def remember_headings(conn: psycopg.Connection, brought: Brought, named: Mapping[Meaning, str], now: datetime) -> None:
    """Lets the next file of the series be read with these headings."""
    conn.execute(_QUERIES["put_template"], _cell(brought) | {"headings": Jsonb(dict(named)), "changed_at": now})


def blank_form(series: Series) -> str:
    """A CSV file to fill in: the headings, and an example that is plainly one."""
    rate = series.in_per_cent
    headings = ["期間", series.columns[0]]
    example = ["R4.4", "99.8%" if rate else "約12万3,400"]
    if series.numerators and series.denominators:
        headings += [series.numerators[0], series.denominators[0]]
        example += ["", ""]
    if series.special:
        headings += ["特殊要因", "特殊要因の内容"]
        example += ["", ""]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*headings, "推計", "出典", "備考"])
    writer.writerow([*example, "", "", "記入例です。この行は消してください。"])
    return out.getvalue()


def _understood(conn: psycopg.Connection, brought: Brought, read: Read, sheet: Sheet, data: bytes) -> Understood:
    shown = preview(conn, brought.series.key, brought.scope, read.entries)
    return Understood(shown, read.problems, read.blank, sheet.form, hashlib.sha256(data).hexdigest())


def _cell(brought: Brought) -> dict[str, object]:
    return {"series": brought.series.key, "scope": str(brought.scope)}
