"""The figures that are kept: those that hold now, and what each was before.

Responsible for reading them. Refuses to write (see ``keeping``).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

import msgspec
import psycopg

from shigotoba_backend.imports.numerals import Bound
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("imports.sql", package="shigotoba_backend.imports")


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A figure as it is kept.

    Attributes:
        figure_id: Its number, growing.
        period: The text that names when it is from.
        first: The first day of that.
        beyond: The day after the last.
        numerator: See ``Entry``, like the others up to ``source``.
        denominator: The count below the line.
        excluded: What special factors take away.
        excluded_reason: What they are.
        estimate: 推計.
        bound: Whether it is only a limit.
        written: As it was written.
        note: A remark.
        source: Where it comes from.
        corrects: The figure it took the place of.
        reason: Why.
        recorded_at: When it was kept.
        recorded_by: The number of the person; None for a command.
        file_name: The file it came in.
    """

    figure_id: int
    period: str
    first: date
    beyond: date
    numerator: Decimal | None
    denominator: Decimal | None
    excluded: Decimal | None
    excluded_reason: str
    estimate: bool
    bound: Bound
    written: str
    note: str
    source: str
    corrects: int | None
    reason: str
    recorded_at: datetime
    recorded_by: int | None
    file_name: str


def held_figures(conn: psycopg.Connection, series: str, scope: Scope) -> list[Held]:
    """What holds now of a series, in the order of time."""
    return rows_of(conn, Held, _QUERIES["held"], {"series": series, "scope": str(scope)})


def history_of(conn: psycopg.Connection, series: str, scope: Scope, period: str) -> list[Held]:
    """Everything that ever held for a period, newest first."""
    return rows_of(conn, Held, _QUERIES["history"], {"series": series, "scope": str(scope), "period": period})


def corrected_figures(conn: psycopg.Connection, series: str, scope: Scope) -> list[Held]:
    """What held once of a series and no longer does, newest first."""
    return rows_of(conn, Held, _QUERIES["corrected"], {"series": series, "scope": str(scope)})


class SeriesHeld(msgspec.Struct, frozen=True):
    """How much is held of a series.

    Attributes:
        series: Its key.
        scope: Of what, as text.
        figures: How many periods have a figure.
        first: The first day of the earliest.
        beyond: The day after the latest.
        recorded_at: When one was last kept.
    """

    series: str
    scope: str
    figures: int
    first: date
    beyond: date
    recorded_at: datetime


def series_held(conn: psycopg.Connection) -> list[SeriesHeld]:
    """Every series of which anything is held, by key and scope."""
    return rows_of(conn, SeriesHeld, _QUERIES["series_held"], {})
