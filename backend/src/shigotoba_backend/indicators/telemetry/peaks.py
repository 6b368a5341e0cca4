"""How many seats were taken at the same time: the peak with its moment, the 95th percentile, the least that was free.

Looked at by quarters of an hour inside opening hours, each at its time-weighted mean. A quarter of which less than half
is known says nothing about the whole place and is passed over.

Responsible for extremes. They can not be put together from months: each stretch is asked for as a whole.
"""
# pyright: reportUnknownMemberType=false
# polars' annotations name NumPy types, which are unknown here.

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl
import psycopg

from shigotoba_backend.indicators.model import Amount, Reason
from shigotoba_backend.indicators.places import Place, places_of, settled, turns
from shigotoba_backend.indicators.telemetry.inquiry import Inquiry, Series, place_by_place
from shigotoba_backend.indicators.telemetry.stretches import Stretch, missing, share
from shigotoba_backend.indicators.telemetry.use import SEATS, available_s
from shigotoba_backend.indicators.withheld import NOTHING, Withheld
from shigotoba_backend.rollups.frames import frame_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("peaks.sql", package="shigotoba_backend.indicators.telemetry")
_QUARTERS: Final = {"at_ms": pl.Int64, "taken": pl.Float64, "known": pl.Float64}
_EMPTY: Final = pl.DataFrame(schema=_QUARTERS)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

PERCENTILE: Final = 0.95
LEAST_OF_BAND: Final = 0.6
"""From this share of the seats on, they are used as they should be."""

Pick = Callable[[pl.DataFrame], tuple[float, float, int | None]]
"""From quarters (``at_ms, taken, known``, in order of time) to numerator, denominator, and the moment."""


def extreme(pick: Pick) -> Series:
    """What ``pick`` finds among the quarters of each stretch."""

    def series(inquiry: Inquiry, place: Place) -> list[Amount]:
        known = inquiry.rows(quarters_of, place, inquiry.withheld)
        open_s = inquiry.rows(available_s, place, SEATS)
        whys = _why_not(inquiry, place, known)
        return [
            _amount(stretch, quarters, pick, why if available > 0 else "no_open_hours", available)
            for stretch, quarters, why, available in zip(inquiry.stretches, known, whys, open_s, strict=True)
        ]

    return series


def peak(quarters: pl.DataFrame) -> tuple[float, float, int | None]:
    """Most seats taken at the same time, of those known then; the first time it was so."""
    at_ms, taken, known = quarters.sort("taken", "at_ms", descending=[True, False]).row(0)
    return taken, known, at_ms


def percentile(quarters: pl.DataFrame) -> tuple[float, float, int | None]:
    """The share of seats that was exceeded one twentieth of the time."""
    shares = quarters.select(pl.col("taken") / pl.col("known")).to_series()
    return shares.quantile(PERCENTILE, interpolation="linear") or 0.0, 1.0, None


def at_target(quarters: pl.DataFrame) -> tuple[float, float, int | None]:
    """Quarters in which enough of the seats were taken, of all."""
    enough = quarters.filter(pl.col("taken") >= LEAST_OF_BAND * pl.col("known"))
    return float(enough.height), float(quarters.height), None


def least_free(quarters: pl.DataFrame) -> tuple[float, float, int | None]:
    """Fewest seats free at the same time; the first time it was so."""
    free = quarters.with_columns(free=pl.col("known") - pl.col("taken")).sort("free", "at_ms")
    at_ms, _taken, known, least = free.row(0)
    return least, known, at_ms


def _why_not(inquiry: Inquiry, place: Place, known: Sequence[pl.DataFrame]) -> list[Reason]:
    """Of each stretch: whether there are quarters and none of them may be told."""
    if not inquiry.withheld.spaces or not any(quarters.is_empty() for quarters in known):
        return [""] * len(known)
    everything = inquiry.rows(quarters_of, place, NOTHING)
    return [
        "small_cell" if quarters.is_empty() and not some.is_empty() else ""
        for quarters, some in zip(known, everything, strict=True)
    ]


def _amount(stretch: Stretch, quarters: pl.DataFrame, pick: Pick, why: Reason, available: float) -> Amount:
    if quarters.is_empty():
        return missing(stretch, why)
    numerator, denominator, at_ms = pick(quarters)
    return Amount(
        first=stretch.first,
        months=stretch.months,
        numerator=numerator,
        denominator=denominator,
        coverage=share(float(quarters["known"].sum()) * 900, available),
        moment=None if at_ms is None else _EPOCH + timedelta(milliseconds=at_ms),
    )


@place_by_place
def quarters_of(
    conn: psycopg.Connection, place: Place, stretches: Sequence[Stretch], _now: datetime, withheld: Withheld
) -> list[pl.DataFrame]:
    """Seats taken and known by quarters of an hour inside opening hours: ``at_ms, taken, known``; one per stretch."""
    return [
        pl.concat(
            [_EMPTY, *(_quarters(conn, each, part, withheld) for part, each in _settled(conn, place, stretch))]
        ).sort("at_ms")
        for stretch in stretches
    ]


def _settled(conn: psycopg.Connection, place: Place, stretch: Stretch) -> Iterator[tuple[Stretch, Place]]:
    """Parts of the stretch with what belonged to the place then; of anything but a section it is the same."""
    if place.scope.kind != "section":
        yield stretch, place
        return
    for first, beyond in pairwise([stretch.first, *turns(conn, *stretch), stretch.beyond]):
        yield from ((Stretch(first, beyond), each) for each in places_of(conn, [place.scope], settled(first)))


def _quarters(conn: psycopg.Connection, place: Place, stretch: Stretch, withheld: Withheld) -> pl.DataFrame:
    spaces = place.spaces(SEATS)
    by_floor = place.whole_floors or place.scope.kind == "zone"
    told: dict[str, object] = {
        "floors": place.floors,
        "zone": place.spots[0].zone_id if place.scope.kind == "zone" else None,
        "kinds": list(SEATS),
        "spaces": spaces,
        "count": len(spaces),
        "start": _midnight(stretch.first, place.time_zone),
        "end": _midnight(stretch.beyond, place.time_zone),
        **withheld.arguments(),
    }
    query = _QUERIES["quarters_of_floors" if by_floor else "quarters_of_spaces"]
    return frame_of(conn, query, told, _QUARTERS)


def _midnight(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(time_zone))
