"""What to ask about an initiative: its indicators at its places, month by month, from the figures that are known.

Responsible for putting questions together from a card. Refuses to answer them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

import msgspec
import psycopg

from shigotoba_backend.effects.estimating import effect_of
from shigotoba_backend.effects.measured import observations
from shigotoba_backend.effects.model import Effect, Observation, Question
from shigotoba_backend.imports.catalogue import series_of
from shigotoba_backend.imports.held import held_figures
from shigotoba_backend.indicators.model import Indicator
from shigotoba_backend.indicators.periods import month, months_between, months_later
from shigotoba_backend.indicators.places import places_of
from shigotoba_backend.indicators.registry import indicator
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.telemetry.printing import PRINTERS
from shigotoba_backend.indicators.values import values_where_known
from shigotoba_backend.plans.cards import Card
from shigotoba_backend.read.sites import organisation_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("effects.sql", package="shigotoba_backend.effects")
_MONTHS_BEFORE: Final = 36
_MONTHS_AFTER: Final = 24


class Answer(msgspec.Struct, frozen=True):
    """The effect on one indicator at one place, and the months it was found in."""

    indicator: Indicator
    scope: Scope
    effect: Effect
    question: Question


def effects_of(
    conn: psycopg.Connection, card: Card, site: str, others: Sequence[Card], now: datetime
) -> Iterator[Answer]:
    """The effects of an initiative on every monthly indicator it is linked to, at each of its places at ``site``.

    Args:
        conn: The store.
        card: The initiative; one without a day it took effect has no effects.
        site: Its places at this site and in its organisation are asked about; where it names none, the site as a whole,
            or the organisation for figures that are brought for it alone.
        others: Initiatives that may have changed the same at the same time.
        now: Months that are not over are left out.
    """
    if card.effective_from is None:
        return
    organisation = organisation_of(conn, site)
    named = [scope for scope in map(Scope.parse, card.places) if scope.whole in (site, organisation)]
    for entry in map(indicator, card.indicators):
        if "single_month" in entry.bases:
            for scope in named or _wholes(conn, entry, site, organisation):
                if scope.kind in entry.scopes:
                    question = _question(conn, card, entry, (site, scope), others, now)
                    yield Answer(entry, scope, effect_of(question), question)


def _wholes(conn: psycopg.Connection, entry: Indicator, site: str, organisation: str) -> list[Scope]:
    """The site; the organisation for a figure that is brought for it and not for the site."""
    scope = Scope("site", site)
    brought = entry.source == "import" and not held_figures(conn, series_of(entry.key)[0].key, scope)
    return [Scope("organisation", organisation)] if brought else [scope]


def _question(
    conn: psycopg.Connection,
    card: Card,
    entry: Indicator,
    at: tuple[str, Scope],
    others: Sequence[Card],
    now: datetime,
) -> Question:
    """Figures of an organisation or a section are divided by the days of the site they are asked from as well."""
    site, scope = at
    effective_from = card.effective_from or now.date()
    first = months_later(effective_from, -_MONTHS_BEFORE)
    beyond = min(months_later(effective_from, _MONTHS_AFTER), now.date().replace(day=1))
    months = list(months_between(first, beyond))
    compared = [each for each in map(Scope.parse, card.compared_with) if each.kind in entry.scopes]
    observed = _observed(conn, entry, [scope, *compared], months, now)
    return Question(
        effective_from,
        observed[scope],
        {str(each): observed[each] for each in compared},
        _open_days(conn, site, first, beyond) if entry.measure == "total" else None,
        entry.measure == "total",
        tuple(other.title for other in others if _interferes(other, card)),
        entry.small_cells == "printers" and any(_printers_changed(conn, *each) for each in observed.items()),
    )


def _observed(
    conn: psycopg.Connection, entry: Indicator, scopes: Sequence[Scope], months: Sequence[date], now: datetime
) -> dict[Scope, tuple[Observation, ...]]:
    """The months that have a value; none where nothing is known of a scope."""
    periods = [month(each.year, each.month) for each in months]
    values = values_where_known(conn, [entry.key], scopes, periods, "single_month", now)
    return {scope: observations(values.get((entry.key, scope), [])) for scope in scopes}


def _printers_changed(conn: psycopg.Connection, scope: Scope, months: Sequence[Observation]) -> bool:
    """Whether more printers were measured in some of ``months`` than in others; a single one is what it is."""
    known = [each.first for each in months if each.value is not None]
    if scope.kind == "device" or not known:
        return False
    (place,) = places_of(conn, [scope], known[-1])
    asked = {"spaces": place.spaces(PRINTERS), "months": known, "time_zone": place.time_zone}
    return len(set(conn.execute(_QUERIES["printers"], asked))) > 1


def _open_days(conn: psycopg.Connection, site: str, first: date, beyond: date) -> dict[date, int] | None:
    """Days the site was open, by month; None where it has no opening hours."""
    rows = conn.execute(_QUERIES["open_days"], {"site": site, "first": first, "beyond": beyond}).fetchall()
    return dict(rows) or None


def _interferes(other: Card, card: Card) -> bool:
    """Whether another initiative touched one of the same indicators in the months around the same day."""
    if other.code == card.code or other.effective_from is None or card.effective_from is None:
        return False
    same_place = not card.places or not other.places or bool(set(card.places) & set(other.places))
    near = abs((other.effective_from - card.effective_from).days) <= 366
    return near and same_place and bool(set(other.indicators) & set(card.indicators))
