"""Amounts of several indicators and scopes, from whoever knows them.

Responsible for which days a source is asked for, and for asking it for everything at once: imported figures by series,
telemetry by stretches of days (see ``telemetry.inquiry``). Refuses to add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, product
from typing import Final
from zoneinfo import ZoneInfo

import psycopg

from shigotoba_backend.imports.amounts import amounts_of_scopes
from shigotoba_backend.indicators.model import Amount, Indicator
from shigotoba_backend.indicators.periods import Period, months_later
from shigotoba_backend.indicators.places import places_of, turns
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.telemetry.inquiry import Inquiry
from shigotoba_backend.indicators.telemetry.series import SERIES
from shigotoba_backend.indicators.telemetry.stretches import Stretch

_JAPAN: Final = ZoneInfo("Asia/Tokyo")
"""Months and fiscal years are over when they are over in Japan."""

Amounts = dict[tuple[str, Scope], list[Amount]]
"""By key of the indicator and scope; a scope of which telemetry knows nothing is not in it."""


def today_at(now: datetime) -> date:
    """The day by which periods have begun or are over."""
    return now.astimezone(_JAPAN).date()


def amounts_of(
    conn: psycopg.Connection,
    entries: Iterable[Indicator],
    scopes: Collection[Scope],
    periods: Sequence[Period],
    now: datetime,
) -> Amounts:
    """What is known of ``periods``, one or more; small cells are not hidden in it."""
    found: Amounts = {}
    heard: dict[tuple[Stretch, ...], list[str]] = {}
    for entry in entries:
        if entry.source == "import":
            found |= _imported(conn, entry.key, scopes, periods)
        else:
            heard.setdefault(_stretches(entry, periods, today_at(now)), []).append(entry.key)
    for stretches, keys in heard.items():
        found |= _heard(conn, keys, scopes, stretches, now)
    return found


def _imported(conn: psycopg.Connection, key: str, scopes: Collection[Scope], periods: Sequence[Period]) -> Amounts:
    first, beyond = min(period.first for period in periods), max(period.beyond for period in periods)
    return {(key, scope): told for scope, told in amounts_of_scopes(conn, key, scopes, first, beyond).items()}


def _heard(
    conn: psycopg.Connection,
    keys: Collection[str],
    scopes: Collection[Scope],
    stretches: tuple[Stretch, ...],
    now: datetime,
) -> Amounts:
    if not stretches:
        return {(key, scope): [] for key in keys for scope in scopes}
    found: defaultdict[tuple[str, Scope], list[Amount]] = defaultdict(list)
    for alike in _settled(conn, stretches):
        places = places_of(conn, scopes, max(stretch.beyond for stretch in alike) - timedelta(days=1))
        inquiry = Inquiry(conn, places, alike, now)
        for key, place in product(keys, places):
            found[key, place.scope] += SERIES[key](inquiry, place)
    return dict(found)


def _settled(conn: psycopg.Connection, stretches: Sequence[Stretch]) -> list[list[Stretch]]:
    """Stretches at whose ends the same places belong to every section, together."""
    changed = turns(conn, min(each.first for each in stretches), max(each.beyond for each in stretches))
    return [list(alike) for _, alike in groupby(stretches, lambda each: sum(turn < each.beyond for turn in changed))]


def _stretches(of: Indicator, periods: Sequence[Period], today: date) -> tuple[Stretch, ...]:
    """Extremes are asked for whole periods, everything else for months, so that each month is asked for once."""
    if of.measure == "extreme":
        return tuple(Stretch(period.first, period.beyond) for period in periods if period.first <= today)
    months = sorted({month for period in periods for month in period.months})
    return tuple(Stretch(month, months_later(month, 1)) for month in months if month <= today)
