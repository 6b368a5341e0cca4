"""What the multifunction printers of a place did: impressions, sheets, faxes.

Impressions are sides, sheets are paper; makes count differently, and what a make does not count is worked out from what
it does where that can be done, and flagged as an estimate. A printer that can not tell is left out, and the amount says
so. A missing counter is missing, never zero.

Responsible for amounts from what is kept by day and by hour. Refuses to judge counters (see ``rollups``).
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
from shigotoba_backend.indicators.telemetry import staff
from shigotoba_backend.indicators.telemetry.inquiry import Inquiry, Series
from shigotoba_backend.indicators.telemetry.stretches import Stretch, columns, missing, share
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("printing.sql", package="shigotoba_backend.indicators.telemetry")

PRINTERS: Final = ("equipment",)


@dataclass(frozen=True, slots=True)
class Printed:
    """One printer of a place in one stretch, both by their numbers from 1.

    ``came_late`` if after the stretch had begun; None for what its counters did not tell.
    """

    place: int
    number: int
    device_id: int
    hours_there: float
    hours_known: float
    impressions: float | None
    copies: float | None
    colour: float | None
    function_colour: float | None
    large: float | None
    duplex_sides: float | None
    duplex_sheets: float | None
    sheets: float | None
    fax_sent: float | None
    fax_received: float | None
    fax_printed: float | None
    scans: float | None
    held: int
    resets: int
    revised_at: datetime | None
    came_late: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What one printer tells of a measure; ``whole`` is what a share is taken of."""

    part: float | None
    whole: float | None = None
    estimate: bool = False


Measure = Callable[[Printed], Told]


def impressions(printed: Printed) -> Told:
    """Sides, all functions together."""
    return Told(printed.impressions)


def copies(printed: Printed) -> Told:
    """Sides copied."""
    return Told(printed.copies)


def sheets(printed: Printed) -> Told:
    """Sheets fed: as counted, or sides less one for each sheet that carries two."""
    if printed.sheets is not None or printed.impressions is None:
        return Told(printed.sheets)
    duplex = _duplex_sheets(printed)
    return Told(None if duplex is None else printed.impressions - duplex, estimate=True)


def a4_equivalents(printed: Printed) -> Told:
    """Sides in units of A4: one of large format counts twice; all are taken for A4 where that is not counted."""
    if printed.impressions is None:
        return Told(None)
    return Told(printed.impressions + (printed.large or 0.0), estimate=printed.large is None)


def colour_share(printed: Printed) -> Told:
    """Sides with colour of all sides; of printing and copying alone where no total of colour is counted."""
    if printed.colour is not None:
        return Told(printed.colour, printed.impressions)
    return Told(printed.function_colour, printed.impressions, estimate=True)


def duplex_share(printed: Printed) -> Told:
    """Sheets with two sides of all sheets."""
    fed = sheets(printed)
    return Told(_duplex_sheets(printed), fed.part, fed.estimate)


def fax_pages(printed: Printed) -> Told:
    """Fax pages sent and received; received ones as printed where they are not counted."""
    received = printed.fax_printed if printed.fax_received is None else printed.fax_received
    if printed.fax_sent is None or received is None:
        return Told(None)
    return Told(printed.fax_sent + received, estimate=printed.fax_received is None)


def _duplex_sheets(printed: Printed) -> float | None:
    if printed.duplex_sheets is not None:
        return printed.duplex_sheets
    return None if printed.duplex_sides is None else printed.duplex_sides / 2


def printing(measure: Measure) -> Series:
    """The measure over all printers of a place."""

    def series(inquiry: Inquiry, place: Place) -> list[Amount]:
        by_number: dict[int, list[Printed]] = {}
        for printed in inquiry.rows(printed_by, place):
            by_number.setdefault(printed.number, []).append(printed)
        numbered = enumerate(inquiry.stretches, start=1)
        return [_amount(stretch, by_number.get(number, []), measure) for number, stretch in numbered]

    return series


def per_person(measure: Measure) -> Series:
    """The measure, and staff on the roll on the first day of each stretch."""
    amounts_of = printing(measure)

    def series(inquiry: Inquiry, place: Place) -> list[Amount]:
        people = inquiry.rows(staff.at_start, place)
        return [
            replace(amount, denominator=None if count is None else float(count))
            for amount, count in zip(amounts_of(inquiry, place), people, strict=True)
        ]

    return series


def printed_by(
    conn: psycopg.Connection, places: Sequence[Place], stretches: Sequence[Stretch], now: datetime
) -> list[list[Printed]]:
    """Every printer that stood in each of the places, by the number of the stretch; one statement for all places."""
    spots = [
        (number, time_zone, space, place.device_id)
        for number, place in enumerate(places, start=1)
        for time_zone in [place.time_zone]
        for space in place.spaces(PRINTERS)
    ]
    numbers, time_zones, spaces, devices = ([spot[column] for spot in spots] for column in range(4))
    asked = {"places": numbers, "time_zones": time_zones, "spaces": spaces, "devices": devices, "now": now}
    by_place: dict[int, list[Printed]] = {}
    for printed in rows_of(conn, Printed, _QUERIES["of_devices"], columns(stretches) | asked):
        by_place.setdefault(printed.place, []).append(printed)
    return [by_place.get(number, []) for number in range(1, len(places) + 1)]


def _amount(stretch: Stretch, printers: Sequence[Printed], measure: Measure) -> Amount:
    told = [(printed, measure(printed)) for printed in printers]
    known = [(printed, each) for printed, each in told if each.part is not None]
    if not known:
        return missing(stretch, "" if printers else "not_here")
    wholes = [each.whole for _printed, each in known if each.whole is not None]
    silent = sum(each.part is None and printed.impressions is not None for printed, each in told)
    revisions = [printed.revised_at for printed, _each in known if printed.revised_at is not None]
    return Amount(
        first=stretch.first,
        months=stretch.months,
        numerator=sum(each.part or 0.0 for _printed, each in known),
        denominator=sum(wholes) if wholes else None,
        coverage=share(sum(printed.hours_known for printed in printers), sum(p.hours_there for p in printers)),
        estimate=any(each.estimate for _printed, each in known),
        exclusions=_exclusions(silent, sum(printed.held for printed in printers)),
        revised_at=max(revisions, default=None),
        partial=all(printed.came_late for printed in printers),
    )


def _exclusions(silent: int, held: int) -> str:
    parts = [("printers that do not count it", silent), ("rises held for a person", held)]
    return "; ".join(f"{what}: {number}" for what, number in parts if number)
