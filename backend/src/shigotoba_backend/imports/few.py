"""Figures about people, of a scope and a year in which there were few: whoever brings figures sees them, nobody else.

Responsible for saying which they are. What is held back is settled for a fiscal year, as for indicators
(``indicators.cells``); a figure of several years is held back with any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache

import psycopg

from shigotoba_backend.imports.catalogue import series
from shigotoba_backend.imports.held import Held
from shigotoba_backend.indicators.cells import hidden_scopes
from shigotoba_backend.indicators.periods import fiscal_year_of
from shigotoba_backend.indicators.scopes import Scope

IsHeldBack = Callable[[str, Scope, date, date], bool]
"""Of a series, a scope, and days from the first up to the other."""


def held_back_of_few(conn: psycopg.Connection) -> IsHeldBack:
    """What tells so; each year is looked up once."""

    @cache
    def hidden_in(year: int) -> frozenset[Scope]:
        return hidden_scopes(conn, "people", year)

    def is_held_back(key: str, scope: Scope, first: date, beyond: date) -> bool:
        years = range(fiscal_year_of(first), fiscal_year_of(beyond - timedelta(days=1)) + 1)
        return series(key).small_cells and any(scope in hidden_in(year) for year in years)

    return is_held_back


def told_to_all(conn: psycopg.Connection, key: str, scope: Scope, figures: Sequence[Held]) -> list[Held]:
    """Of figures of a series and scope those that are not only for who brings them."""
    is_held_back = held_back_of_few(conn)
    return [each for each in figures if not is_held_back(key, scope, each.first, each.beyond)]
