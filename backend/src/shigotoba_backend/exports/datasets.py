"""What can be exported: datasets, each with its layout and its rows, read one after the other.

Responsible for the rows and for leaving out what is held back (small cells, for whole fiscal years and by subtraction
as well; ``indicators.cells`` and ``indicators.withheld`` decide). Refuses formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
import psycopg

from shigotoba_backend.exports.dictionary import Layout
from shigotoba_backend.exports.indicators import values_told
from shigotoba_backend.exports.layouts import LAYOUTS
from shigotoba_backend.imports.catalogue import series
from shigotoba_backend.imports.few import held_back_of_few
from shigotoba_backend.indicators.cells import hidden_scopes
from shigotoba_backend.indicators.model import SmallCells
from shigotoba_backend.indicators.periods import fiscal_year_of
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.withheld import withheld_at
from shigotoba_backend.plans.cards import Card
from shigotoba_backend.plans.keeping import initiatives, programmes
from shigotoba_backend.reference.published import in_japanese, published_figures, sources
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("exports.sql", package="shigotoba_backend.exports")
_FETCHED_AT_ONCE: Final = 2_000

MOST_DAYS: Final = 3_660
"""Ten years."""

_MOST_DAYS_BY_QUARTER: Final = 92
"""The longest quarter of a year; a thousand seats have nine million quarters of an hour in it."""

Row = Sequence[object]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What of a dataset is wanted.

    Attributes:
        organisation: Whose.
        site: Code of the site.
        first: The first day.
        last: The last day, included.
        now: The present.
        keys: Of the dataset ``indicators``: these alone; all where empty.
    """

    organisation: str
    site: str
    first: date
    last: date
    now: datetime
    keys: tuple[str, ...] = ()


class Dataset(msgspec.Struct, frozen=True):
    """A dataset: how it is laid out, where its rows come from, and how long a time one file of it may cover."""

    layout: Layout
    rows: Callable[[psycopg.Connection, Asked], Iterable[Row]]
    most_days: int = MOST_DAYS


def _indicators(conn: psycopg.Connection, asked: Asked) -> Iterator[Row]:
    parts = [
        Scope(kind, f"{asked.site}/{code}")
        for kind in ("floor", "seat_type")
        for (code,) in conn.execute(_QUERIES[f"{kind}s"], {"site": asked.site}).fetchall()
    ]
    scopes = [Scope("organisation", asked.organisation), Scope("site", asked.site), *parts]
    return values_told(conn, asked.keys, scopes, (asked.first, asked.last), asked.now)


def _floor_use(conn: psycopg.Connection, asked: Asked) -> Iterator[Row]:
    return _streamed(conn, "floor_use", asked, _hidden_floors(conn, asked))


def _floor_use_by_hour(conn: psycopg.Connection, asked: Asked) -> Iterator[Row]:
    return _streamed(conn, "floor_use_by_hour", asked, _hidden_floors(conn, asked))


def _floor_use_by_quarter(conn: psycopg.Connection, asked: Asked) -> Iterator[Row]:
    return _streamed(conn, "floor_use_by_quarter", asked, _hidden_floors(conn, asked))


def _hidden_floors(conn: psycopg.Connection, asked: Asked) -> dict[str, object]:
    held_back = _held_back(conn, asked, "seats", "floor")
    hidden = {"hidden_floors": [part for part, _ in held_back], "hidden_years": [year for _, year in held_back]}
    return hidden | withheld_at(conn, asked.site, asked.first, asked.last + timedelta(days=1)).arguments()


def _space_use(conn: psycopg.Connection, asked: Asked) -> Iterator[Row]:
    return _streamed(conn, "space_use", asked, {})


def _space_use_by_hour(conn: psycopg.Connection, asked: Asked) -> Iterator[Row]:
    return _streamed(conn, "space_use_by_hour", asked, {})


def _space_use_by_quarter(conn: psycopg.Connection, asked: Asked) -> Iterator[Row]:
    return _streamed(conn, "space_use_by_quarter", asked, {})


def _printing(conn: psycopg.Connection, asked: Asked) -> Iterator[Row]:
    return _streamed(conn, "printing", asked, _hidden_printers(conn, asked))


def _printing_by_hour(conn: psycopg.Connection, asked: Asked) -> Iterator[Row]:
    return _streamed(conn, "printing_by_hour", asked, _hidden_printers(conn, asked))


def _held_rises(conn: psycopg.Connection, asked: Asked) -> Iterator[Row]:
    return _streamed(conn, "held_rises", asked, _hidden_printers(conn, asked))


def _hidden_printers(conn: psycopg.Connection, asked: Asked) -> dict[str, object]:
    held_back = _held_back(conn, asked, "printers", "device")
    return {"hidden_devices": [part for part, _ in held_back], "hidden_years": [year for _, year in held_back]}


def _booth_stays(conn: psycopg.Connection, asked: Asked) -> Iterator[Row]:
    return _streamed(conn, "booth_stays", asked, {})


def _held_back(conn: psycopg.Connection, asked: Asked, rule: SmallCells, kind: str) -> list[tuple[str, int]]:
    """Parts of the site and the fiscal years in which their figures are not told."""
    return [
        (scope.part, year)
        for year in range(fiscal_year_of(asked.first), fiscal_year_of(asked.last) + 1)
        for scope in hidden_scopes(conn, rule, year)
        if scope.kind == kind and scope.whole == asked.site
    ]


def _imported(conn: psycopg.Connection, asked: Asked) -> Iterator[Row]:
    scopes = [f"organisation:{asked.organisation}", f"site:{asked.site}"]
    is_held_back = held_back_of_few(conn)
    for row in _streamed(conn, "imported_figures", asked, {"scopes": scopes}):
        key, scope, period, first, last, part, value, counted, *rest = row
        if is_held_back(key, Scope.parse(scope), first, last + timedelta(days=1)):
            continue
        unit = "count" if series(key).in_per_cent and counted else series(key).unit
        yield (key, scope, period, first, last, part, value, unit, *(each if each != "" else None for each in rest))


def _streamed(
    conn: psycopg.Connection, query: str, asked: Asked, more: Mapping[str, object]
) -> Iterator[tuple[Any, ...]]:
    """Rows through a cursor of the server: whatever their number, a few thousand are in memory."""
    about = {"site": asked.site, "first": asked.first, "last": asked.last, "now": asked.now}
    with conn.transaction(), conn.cursor("export") as cursor:
        cursor.itersize = _FETCHED_AT_ONCE
        cursor.execute(_QUERIES[query], {**about, **more})
        yield from cursor


def _published(_conn: psycopg.Connection, _asked: Asked) -> Iterator[Row]:
    for figure in published_figures():
        yield (
            figure.organisation,
            figure.indicator_ja,
            figure.indicator_en,
            figure.key or None,
            figure.role,
            figure.period or None,
            figure.basis,
            figure.value,
            figure.unit,
            figure.base_period or None,
            in_japanese(figure.scope_or_note) or None,
            figure.scope_or_note or None,
            figure.source,
            sources()[figure.source].title,
        )


def _initiatives(conn: psycopg.Connection, asked: Asked) -> Iterator[Row]:
    for programme in programmes(conn, asked.organisation):
        for kept in initiatives(conn, asked.organisation, programme.code):
            card = kept.card
            same = (programme.code, card.code, card.status, card.first_year, card.last_year)
            for aspect, year, contents in _aspects(card):
                yield from ((*same, aspect, year, number, text) for number, text in enumerate(contents, start=1))


def _aspects(card: Card) -> Iterator[tuple[str, int | None, Sequence[str]]]:
    yield "title", None, [card.title]
    yield "pillar", None, [card.pillar]
    yield "responsible", None, card.responsible
    yield "related", None, card.related
    yield "output", None, card.outputs
    yield "outcome", None, card.outcomes
    for year in card.years:
        yield "actual", year.fiscal_year, year.actuals
        yield "next_step", year.fiscal_year, year.next_steps
    yield "indicator", None, card.indicators


_ROWS: Final[Mapping[str, Callable[[psycopg.Connection, Asked], Iterable[Row]]]] = {
    "indicators": _indicators,
    "floor_use": _floor_use,
    "floor_use_by_hour": _floor_use_by_hour,
    "floor_use_by_quarter": _floor_use_by_quarter,
    "space_use": _space_use,
    "space_use_by_hour": _space_use_by_hour,
    "space_use_by_quarter": _space_use_by_quarter,
    "booth_stays": _booth_stays,
    "printing": _printing,
    "printing_by_hour": _printing_by_hour,
    "held_rises": _held_rises,
    "imported_figures": _imported,
    "published_figures": _published,
    "initiatives": _initiatives,
}
DATASETS: Final[Mapping[str, Dataset]] = {
    name: Dataset(LAYOUTS[name], rows, _MOST_DAYS_BY_QUARTER if name.endswith("_by_quarter") else MOST_DAYS)
    for name, rows in _ROWS.items()
}
"""By name, in the order they are offered."""
