"""How much spaces were used inside opening hours, and how people stayed.

Time that no sensor vouches for leaves numerator and denominator alike and shows as coverage. Available time is the
opening hours, less holidays and closures, of the spaces that had a presence sensor (research/workplace.md section 5).

Responsible for these amounts. Refuses what happens at one moment (see ``peaks``) and bookings (see ``bookings``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import psycopg
from msgspec.structs import replace

from shigotoba_backend.indicators.model import Amount, Reason
from shigotoba_backend.indicators.places import Place
from shigotoba_backend.indicators.telemetry import staff
from shigotoba_backend.indicators.telemetry.inquiry import Inquiry, Series, place_by_place
from shigotoba_backend.indicators.telemetry.stretches import Stretch, columns, share
from shigotoba_backend.indicators.withheld import NOTHING, Withheld
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("use.sql", package="shigotoba_backend.indicators.telemetry")
_AVAILABLE: Final = load("available.sql", package="shigotoba_backend.indicators.telemetry")

SEATS: Final = ("seat",)
BOOTHS: Final = ("booth",)

ACTIVE_SEAT_S: Final = 30 * 60
"""A seat that was used for less on a day was not in use that day (research/workplace.md section 5)."""

ACTIVE_BOOTH_S: Final = 60 * 60
"""The same of booths and rooms."""


@dataclass(frozen=True, slots=True)
class Use:
    """Sums over the spaces of a place and the days of a stretch; None where nothing is known."""

    open_occupied_s: float | None
    open_known_s: float | None
    occupied_s: float | None
    stays: float | None
    open_stays: float | None
    open_space_days: float | None
    revised_at: datetime | None
    last_day: date | None


def used(inquiry: Inquiry, place: Place, kinds: tuple[str, ...]) -> list[Use]:
    """What is known of the spaces of ``kinds`` in each stretch, and may be told."""
    return inquiry.rows(use_of, place, kinds, withheld_of(inquiry, kinds))


def withheld_of(inquiry: Inquiry, kinds: tuple[str, ...]) -> Withheld:
    """What of ``kinds`` is not told; of booths nothing is withheld, for they are told of one by one."""
    return inquiry.withheld if kinds == SEATS else NOTHING


@place_by_place
def use_of(
    conn: psycopg.Connection,
    place: Place,
    stretches: Sequence[Stretch],
    _now: datetime,
    kinds: tuple[str, ...],
    withheld: Withheld,
) -> list[Use]:
    """What is known of the spaces of ``kinds`` in each stretch, less what is withheld."""
    told = columns(stretches) | {"kinds": list(kinds), "floors": place.floors, "spaces": place.spaces(kinds)}
    told |= withheld.arguments()
    return rows_of(conn, Use, _QUERIES["of_floors" if place.whole_floors else "of_spaces"], told)


@place_by_place
def available_s(
    conn: psycopg.Connection, place: Place, stretches: Sequence[Stretch], now: datetime, kinds: tuple[str, ...]
) -> list[float]:
    """Open seconds, up to now, of the spaces of ``kinds`` that had a presence sensor."""
    told = columns(stretches) | {"sites": place.sites, "spaces": place.spaces(kinds), "now": now}
    return [row[0] for row in conn.execute(_AVAILABLE["available"], told)]


def utilisation(kinds: tuple[str, ...]) -> Series:
    """Occupied seconds of known ones, inside opening hours."""
    return _amounts(kinds, lambda use: (use.open_occupied_s, use.open_known_s))


def dwell(kinds: tuple[str, ...]) -> Series:
    """Occupied minutes of stays."""
    return _amounts(kinds, lambda use: (None if use.occupied_s is None else use.occupied_s / 60, use.stays))


def turnover(kinds: tuple[str, ...]) -> Series:
    """Stays of space-days, on days with opening hours."""
    return _amounts(kinds, lambda use: (use.open_stays, use.open_space_days))


def active_days(kinds: tuple[str, ...], least_s: int) -> Series:
    """Space-days used for ``least_s`` or more of their opening hours, of those with any."""

    def series(inquiry: Inquiry, place: Place) -> list[Amount]:
        counts = inquiry.rows(active_of, place, kinds, least_s, withheld_of(inquiry, kinds))
        return [
            replace(amount, numerator=active if amount.numerator is not None else None, denominator=days)
            for amount, (active, days) in zip(utilisation(kinds)(inquiry, place), counts, strict=True)
        ]

    return series


@place_by_place
def active_of(
    conn: psycopg.Connection,
    place: Place,
    stretches: Sequence[Stretch],
    _now: datetime,
    kinds: tuple[str, ...],
    least_s: int,
    withheld: Withheld,
) -> list[tuple[float, float]]:
    """Space-days in use and open ones in each stretch, less what is withheld."""
    told = columns(stretches) | {"spaces": place.spaces(kinds), "least_s": least_s} | withheld.arguments()
    return [(active, days) for active, days in conn.execute(_QUERIES["active_days"], told)]


def _amounts(kinds: tuple[str, ...], told: Callable[[Use], tuple[float | None, float | None]]) -> Series:
    def series(inquiry: Inquiry, place: Place) -> list[Amount]:
        known = used(inquiry, place, kinds)
        open_s = inquiry.rows(available_s, place, kinds)
        whys = _why_not(inquiry, place, kinds, known)
        return [
            _amount(stretch, use, told(use), available, why)
            for stretch, use, available, why in zip(inquiry.stretches, known, open_s, whys, strict=True)
        ]

    return series


def _why_not(inquiry: Inquiry, place: Place, kinds: tuple[str, ...], known: Sequence[Use]) -> list[Reason]:
    """Of each stretch: whether something is known of it and nothing of that may be told."""
    if all(use.last_day for use in known) or not withheld_of(inquiry, kinds).spaces:
        return [""] * len(known)
    everything = inquiry.rows(use_of, place, kinds, NOTHING)
    return [
        "small_cell" if some.last_day and not use.last_day else "" for use, some in zip(known, everything, strict=True)
    ]


def _amount(
    stretch: Stretch, use: Use, told: tuple[float | None, float | None], available: float, why: Reason
) -> Amount:
    numerator, denominator = told
    return Amount(
        first=stretch.first,
        months=stretch.months,
        numerator=numerator if available > 0 else None,
        denominator=denominator if available > 0 else 0.0,
        coverage=share(use.open_known_s or 0.0, available),
        revised_at=use.revised_at,
        reason=why if available > 0 else "no_open_hours",
    )


def presence_rate(inquiry: Inquiry, place: Place) -> list[Amount]:
    """Seconds people sat, of those that everybody on the roll could have; what nobody saw leaves both."""
    people = inquiry.rows(staff.at_start, place)
    seats = max(1, place.capacity(SEATS))
    seated = utilisation(SEATS)(inquiry, place)
    return [_of_people(amount, count, seats) for amount, count in zip(seated, people, strict=True)]


def _of_people(seated: Amount, people: int | None, seats: int) -> Amount:
    if people is None:
        return replace(seated, numerator=None, denominator=None, reason="no_headcount")
    known_s = seated.denominator or 0.0
    return replace(seated, denominator=known_s / seats * people)


def seats_and_staff(inquiry: Inquiry, place: Place) -> list[Amount]:
    """Seats and staff on the roll, both on the last day of each stretch."""
    days = [stretch.beyond - timedelta(days=1) for stretch in inquiry.stretches]
    seats = float(place.capacity(SEATS))
    return [
        Amount(first=day, months=0, numerator=None, reason="no_headcount")
        if count is None
        else Amount(first=day, months=0, numerator=seats, denominator=float(count))
        for day, count in zip(days, inquiry.rows(staff.at_end, place), strict=True)
    ]
