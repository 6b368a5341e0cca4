"""Booths: what was booked, what was used, and how much of either was the other.

Booked hours are hours booked beforehand, clipped to opening hours; hours booked twice, because the first booking was
released, count once. Only bookings whose outcome could be seen say anything about unused ones, and only booked hours in
which the sensor spoke about their use. While a booth has no sensor its bookings and its button tell how it was used.
What a sensor would have seen of a stretch in which it was silent is missing, not none.

Responsible for amounts from bookings and sessions. Refuses to decide what a booking became (see ``bookings``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg
from msgspec.structs import replace

from shigotoba_backend.indicators.model import Amount
from shigotoba_backend.indicators.places import Place
from shigotoba_backend.indicators.telemetry.inquiry import Inquiry, Series, place_by_place
from shigotoba_backend.indicators.telemetry.stretches import Stretch, columns, share
from shigotoba_backend.indicators.telemetry.use import BOOTHS, used, utilisation
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("bookings.sql", package="shigotoba_backend.indicators.telemetry")

HOUR_S: Final = 3600


@dataclass(frozen=True, slots=True)
class Booked:
    """Sums over the booths of a place: seconds inside opening hours, and counts of bookings by when they begin.

    Of booked seconds the watched ones are those of which it is known whether somebody was there. ``has_bare`` if a
    booth was open and had no sensor.
    """

    open_s: float
    used_s: float
    booked_s: float
    used_booked_s: float
    watched_booked_s: float
    watched_used_s: float
    has_bare: bool
    reached: float
    observed: float
    unused: float
    made: float
    cancelled_late: float
    recovered_s: float
    reused_s: float
    uses: float


Share = Callable[[Booked], tuple[float, float | None]]


def booked_rate(booked: Booked) -> tuple[float, float]:
    """Booked hours of open ones."""
    return booked.booked_s / HOUR_S, booked.open_s / HOUR_S


def booked_use(booked: Booked) -> tuple[float, float]:
    """Used hours within bookings of booked ones, where that is known."""
    return booked.watched_used_s / HOUR_S, booked.watched_booked_s / HOUR_S


def walk_in_share(booked: Booked) -> tuple[float, float]:
    """Used hours outside bookings of used ones."""
    return (booked.used_s - booked.used_booked_s) / HOUR_S, booked.used_s / HOUR_S


def unused_rate(booked: Booked) -> tuple[float, float]:
    """Bookings nobody came to of those whose outcome could be seen."""
    return booked.unused, booked.observed


def late_cancellations(booked: Booked) -> tuple[float, float]:
    """Bookings taken back at the last moment of all that were made."""
    return booked.cancelled_late, booked.made


def recovered_hours(booked: Booked) -> tuple[float, None]:
    """Hours that were given back by release or an early end."""
    return booked.recovered_s / HOUR_S, None


def reuse_rate(booked: Booked) -> tuple[float, float]:
    """Hours of those given back that were booked again or used."""
    return booked.reused_s / HOUR_S, booked.recovered_s / HOUR_S


def uses(booked: Booked) -> tuple[float, None]:
    """Uses, whatever began them."""
    return booked.uses, None


def booths(told: Share) -> Series:
    """The share over all booths of a place; of a stretch in which none was heard or booked nothing is told."""

    def series(inquiry: Inquiry, place: Place) -> list[Amount]:
        heard = utilisation(BOOTHS)(inquiry, place)
        return [_amount(each, row, told) for each, row in zip(heard, inquiry.rows(booked_of, place), strict=True)]

    return series


def seen_in_booths(told: Share) -> Series:
    """The same of what sensors see: missing of a stretch in which all that were there were silent."""
    amounts_of = booths(told)

    def series(inquiry: Inquiry, place: Place) -> list[Amount]:
        heard = utilisation(BOOTHS)(inquiry, place)
        rows = inquiry.rows(booked_of, place)
        known = [each.numerator is not None or row.has_bare for each, row in zip(heard, rows, strict=True)]
        return [
            each if is_known or each.reason else replace(each, numerator=None, denominator=None)
            for each, is_known in zip(amounts_of(inquiry, place), known, strict=True)
        ]

    return series


def outcomes(inquiry: Inquiry, place: Place) -> list[Amount]:
    """``unused_rate``, covering what could be seen; missing where bookings began and none of them could be."""
    rows = inquiry.rows(booked_of, place)
    return [_outcome(each, row) for each, row in zip(booths(unused_rate)(inquiry, place), rows, strict=True)]


@place_by_place
def booked_of(conn: psycopg.Connection, place: Place, stretches: Sequence[Stretch], now: datetime) -> list[Booked]:
    """What became of the bookings of a place in each stretch."""
    return rows_of(conn, Booked, _QUERIES["of_booths"], _arguments(place, stretches, now))


def _amount(heard: Amount, booked: Booked, told: Share) -> Amount:
    numerator, denominator = told(booked)
    if booked.open_s == 0:
        return replace(heard, numerator=None, denominator=denominator, reason="no_open_hours")
    if heard.numerator is None and not _in_use(booked):
        return replace(heard, numerator=None, denominator=None)
    return replace(heard, numerator=numerator, denominator=denominator, reason="")


def _outcome(amount: Amount, booked: Booked) -> Amount:
    unseen = int(booked.reached - booked.observed)
    if amount.numerator is None or not unseen:
        return replace(amount, coverage=share(booked.observed, booked.reached))
    return replace(
        amount,
        numerator=amount.numerator if booked.observed else None,
        coverage=share(booked.observed, booked.reached),
        exclusions=f"bookings whose outcome could not be seen: {unseen}",
    )


def _in_use(booked: Booked) -> bool:
    return bool(booked.uses or booked.made)


def unmet_demand(inquiry: Inquiry, place: Place) -> list[Amount]:
    """Searches and waits that found no booth; missing for a stretch in which nobody booked or used any."""
    counts = inquiry.rows(unmet_of, place)
    booked = inquiry.rows(booked_of, place)
    heard = used(inquiry, place, BOOTHS)
    known = [use.open_known_s is not None or _in_use(row) for use, row in zip(heard, booked, strict=True)]
    return [
        Amount(first=stretch.first, months=stretch.months, numerator=count if count or is_known else None)
        for stretch, count, is_known in zip(inquiry.stretches, counts, known, strict=True)
    ]


@place_by_place
def unmet_of(conn: psycopg.Connection, place: Place, stretches: Sequence[Stretch], now: datetime) -> list[float]:
    """How often nothing was found in each stretch."""
    return [row[0] for row in conn.execute(_QUERIES["unmet"], _arguments(place, stretches, now))]


def _arguments(place: Place, stretches: Sequence[Stretch], now: datetime) -> dict[str, object]:
    told = {"spaces": place.spaces(BOOTHS), "sites": place.sites, "time_zone": place.time_zone, "now": now}
    return columns(stretches) | told
