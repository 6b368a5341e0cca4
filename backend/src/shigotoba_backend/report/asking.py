"""The values of a report's month, all asked for at once: by scope and basis, whatever the number of lines.

Responsible for the question. Refuses to write figures out (see ``gathering``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import product
from typing import Final

import psycopg

from shigotoba_backend.indicators.model import Basis, IndicatorValue
from shigotoba_backend.indicators.periods import Period
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import values_of

BASES: Final[tuple[Basis, ...]] = ("single_month", "fiscal_year_to_date")

Figures = Mapping[tuple[str, Scope, Basis], IndicatorValue]
"""By indicator, scope and basis; what is not told so is not in it."""


def compared_with(key: str) -> str | None:
    """The indicator that compares ``key`` with its base year."""
    return next((each.key for each in REGISTRY.values() if each.of == key), None)


def figures_of(
    conn: psycopg.Connection, keys: Collection[str], scopes: Collection[Scope], about: Period, now: datetime
) -> Figures:
    """Each of ``keys`` and what compares it with its base year, of each scope it is told of, in and up to a month."""
    wanted = dict.fromkeys(each for key in keys for each in (key, compared_with(key)) if each)
    found: dict[tuple[str, Scope, Basis], IndicatorValue] = {}
    for scope, basis in product(scopes, BASES):
        told = [key for key in wanted if scope.kind in REGISTRY[key].scopes and basis in REGISTRY[key].bases]
        values = values_of(conn, told, [scope], [about], basis, now)
        found |= {(key, scope, basis): value for (key, _), (value,) in values.items()}
    return found
