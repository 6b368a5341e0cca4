"""Rollups, bookings and indicators of a simulated building against what really happened in it.

A week of 100 seats by default. The promise is about a year of 1,000 seats; it takes half an hour and is asked for by
``SHIGOTOBA_TRUTH="1000 365 7200" python -m pytest tests/test_truth.py`` (seats, days, seconds between heartbeats).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import polars as pl
import psycopg
import pytest

from shigotoba_backend.accounts.demo_staff import make_staff
from shigotoba_backend.bookings.past import read_lines, take_over
from shigotoba_backend.indicators.model import IndicatorValue
from shigotoba_backend.indicators.periods import month, months_between, months_later
from shigotoba_backend.indicators.scopes import Scope, site
from shigotoba_backend.indicators.telemetry.series import SERIES
from shigotoba_backend.indicators.values import values_of
from shigotoba_backend.read.figures import figures
from shigotoba_backend.rollups.frames import copy_rows
from shigotoba_backend.rollups.rebuild import rebuild
from shigotoba_backend.site.description import SiteFile
from shigotoba_backend.site.importing import import_site
from shigotoba_sim.accounts import accounts_of
from shigotoba_sim.building import site_file
from shigotoba_sim.clock import midnight_ms, ms_of
from shigotoba_sim.compare.gather import Comparison
from shigotoba_sim.compare.product import Product
from shigotoba_sim.history.bookings import past_bookings
from shigotoba_sim.history.stream import History
from shigotoba_sim.people.office import office_rows
from shigotoba_sim.plan.inputs import PlanInputs, inputs_of
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.settings import SimSettings
from shigotoba_testing.truth.months import Figure, Months
from shigotoba_wire.readings import Reading

pytestmark = [pytest.mark.integration, pytest.mark.promise]

SEATS, DAYS, KEEP_ALIVE_S = map(int, os.environ.get("SHIGOTOBA_TRUTH", "100 7 3600").split())
JAPAN = ZoneInfo("Asia/Tokyo")
END = date(2026, 11, 21)
FIRST = END - timedelta(days=DAYS)
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
"""Midnight in Tokyo, at the end of the last day."""

POINTS_OF_TOLERANCE = 0.5
ROUNDING = 1e-9
"""Of counts, and of hours and seats, which sensors tell to the millisecond."""

OF_BOOKINGS = {"bookings", "bookings_used", "no_shows", "booked", "recovered"}
"""Lived again by the booking engine, these are the truth's to the second."""

UNHEARD = "unmet_demand"
"""Who looks for a booth in vain does so in the live building, where ``tests/demo`` holds it: a past has no searches."""

NOT_IN_THE_TRUTH = {
    "a4_equivalents",
    "booth_unmet_demand",
    "booth_satisfaction",
    "survey_satisfied",
    "survey_environment",
    "survey_communication",
}
"""Jobs have no format and people no opinion."""

PORTION = 200_000

POINTS = """
INSERT INTO shigotoba.point (device_id, name)
SELECT device_id, told.name FROM unnest(%s::text[], %s::text[]) AS told (code, name) JOIN shigotoba.device USING (code)
ON CONFLICT DO NOTHING
"""


COPY_READINGS = (
    b"COPY shigotoba.reading (point_id, at, seq, value, label, uncertain) FROM STDIN (FORMAT csv, FORCE_NULL (label))"
)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> PlanInputs:
    """A building in office hours, whose history ends with ``END``."""
    nowhere = tmp_path_factory.mktemp("sim")
    return inputs_of(
        SimSettings(
            seed=7,
            site="honcho",
            gateway="gw-1",
            opened_on=FIRST,
            lively_from=datetime.combine(END, datetime.min.time(), JAPAN),
            commands=nowhere / "commands.jsonl",
            state=nowhere,
            enocean_tty=Path("/nowhere"),
            dbus_socket=Path("/nowhere"),
            snmp_ports=(),
            seats=SEATS,
            keep_alive_s=KEEP_ALIVE_S,
            devices="all",
        )
    )


@pytest.fixture
def product(database: str, inputs: PlanInputs, tmp_path: Path) -> Iterator[psycopg.Connection]:
    """A database with the building's whole history: its bookings, and its readings rolled up."""
    with psycopg.connect(database, autocommit=True) as conn:
        import_site(conn, msgspec.convert(described(inputs), SiteFile))
        book(conn, inputs, tmp_path)
        for first in months_between(months_later(FIRST, -1), END):
            conn.execute("SELECT shigotoba.ensure_reading_month_v1(%s)", [first])
        readings = History(Plan(inputs), midnight_ms(END)).readings()
        while portion := list(islice(readings, PORTION)):
            store(conn, portion)
        rebuild(conn)
        yield conn


def described(inputs: PlanInputs) -> dict[str, Any]:
    """The site file; on the roll from the first of the month, the day on which a month counts people."""
    departments = inputs.roll.departments
    counted = office_rows(departments, FIRST.replace(day=1), END)["headcounts"]
    return site_file(inputs.place, FIRST) | office_rows(departments, FIRST, END) | {"headcounts": counted}


def book(conn: psycopg.Connection, inputs: PlanInputs, directory: Path) -> None:
    """Has every booking of the history lived again by the booking engine, which accepts each."""
    staff, plan = directory / "staff.json", Plan(inputs)
    staff.write_bytes(msgspec.json.encode(accounts_of(inputs.roll)))
    make_staff(conn, "honcho", staff, directory / "tokens.json", NOW)
    taken = take_over(conn, "honcho", "simulator", read_lines(past_bookings(plan), NOW))
    assert taken.refused == []
    bookings = list(plan.bookings(midnight_ms(FIRST), midnight_ms(END)))
    assert taken.bookings == len(bookings)
    assert {change.did for one in bookings for change in one.changes} == {"move", "extend"}
    assert {one.outcome for one in bookings} == {"used", "no_show", "cancelled"}
    assert any(one.waited_ms for one in bookings)


def store(conn: psycopg.Connection, readings: Sequence[Reading]) -> None:
    """By way of a frame: a year is tens of millions of them."""
    names = sorted({(reading.device, reading.point) for reading in readings})
    conn.execute(POINTS, [[device for device, _ in names], [point for _, point in names]])
    rows = conn.execute("SELECT code, name, point_id FROM shigotoba.point JOIN shigotoba.device USING (device_id)")
    points = {(code, name): point_id for code, name, point_id in rows}
    values = [reading.value for reading in readings]
    frame = pl.DataFrame(
        {
            "point_id": [points[reading.device, reading.point] for reading in readings],
            "at": pl.Series([reading.at_ms for reading in readings], dtype=pl.Datetime("ms")),
            "seq": range(len(readings)),
            "value": [None if isinstance(value, str) else float(value) for value in values],
            "label": [value if isinstance(value, str) else None for value in values],
            "uncertain": False,
        }
    ).with_columns(pl.col("at").dt.strftime("%Y-%m-%d %H:%M:%S%.3f+00"))
    copy_rows(conn, COPY_READINGS, frame)


def test_every_figure_and_indicator_agrees_with_the_truth(product: psycopg.Connection, inputs: PlanInputs) -> None:
    timeline = Timeline(Plan(inputs))
    truth = Months(timeline, inputs, points_of(product))
    answer = figures(product, "honcho", FIRST, END - timedelta(days=1))
    compared = Comparison(timeline, inputs, msgspec.convert(msgspec.to_builtins(answer), Product))
    for day, lines in groupby(compared.lines(FIRST, END), key=lambda line: line.day):
        for line in lines:
            close = line.verdict == "close" and line.metric not in OF_BOOKINGS
            assert line.verdict == "equal" or close or line.metric == UNHEARD, line
        if day is not None:
            truth.add(day)
    really = list(truth.figures())
    assert {figure.key for figure in really} == SERIES.keys() - NOT_IN_THE_TRUTH
    told = indicators(product, inputs)
    for figure in really:
        check(told[figure.key, figure.floor, figure.month], figure, truth)


def points_of(conn: psycopg.Connection) -> set[tuple[str, str]]:
    """Which points there are, by device."""
    return set(conn.execute("SELECT code, name FROM shigotoba.point JOIN shigotoba.device USING (device_id)"))


def indicators(conn: psycopg.Connection, inputs: PlanInputs) -> dict[tuple[str, str, date], IndicatorValue]:
    """Every indicator of the truth by key, floor ("" for the whole building) and month."""
    keys = SERIES.keys() - NOT_IN_THE_TRUTH
    scopes = {Scope("floor", f"honcho/{floor.code}"): floor.code for floor in inputs.place.floors} | {
        site("honcho"): ""
    }
    months = [month(first.year, first.month) for first in months_between(FIRST, END)]
    answers = values_of(conn, keys, scopes, months, "single_month", NOW)
    return {
        (key, scopes[scope], value.period.first): value for (key, scope), values in answers.items() for value in values
    }


def check(told: IndicatorValue, really: Figure, truth: Months) -> None:
    """What is told is what was, and sensors told of all of it; printers that are asked by hours leave some out."""
    if really.value is None:
        assert told.value is None, told
    elif told.unit == "%":
        assert told.value == pytest.approx(really.value, abs=POINTS_OF_TOLERANCE), (told, really)
    else:
        assert told.value == pytest.approx(really.value, rel=ROUNDING), (told, really)
    if really.key.startswith(("seat", "presence", "booth")) and told.coverage is not None:
        assert told.coverage == pytest.approx(1, abs=0.01), told
    if really.key == "seat_peak":
        assert told.moment is not None
        at_its_moment = truth.taken_at(really.floor, really.month, ms_of(told.moment))
        assert at_its_moment == pytest.approx(really.value, rel=ROUNDING), told
