"""Rollups and indicators of a simulated building against what really happened in it.

A week of 100 seats by default. The promise is about a year of 1,000 seats; it takes half an hour and is asked for by
``SHIGOTOBA_TRUTH="1000 365 7200" python -m pytest tests/test_truth.py`` (seats, days, seconds between heartbeats).
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import polars as pl
import psycopg
import pytest

from shigotoba_backend.indicators.model import IndicatorValue
from shigotoba_backend.indicators.periods import Period, month, months_between, months_later
from shigotoba_backend.indicators.scopes import site
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.read.figures import figures
from shigotoba_backend.rollups.frames import copy_rows
from shigotoba_backend.rollups.rebuild import rebuild
from shigotoba_backend.site.description import SiteFile
from shigotoba_backend.site.importing import import_site
from shigotoba_sim.building import site_file
from shigotoba_sim.clock import midnight_ms
from shigotoba_sim.compare.gather import Comparison
from shigotoba_sim.compare.product import Product
from shigotoba_sim.history.stream import History
from shigotoba_sim.people.calendar import is_working_day
from shigotoba_sim.people.office import office_rows
from shigotoba_sim.plan.inputs import PlanInputs, inputs_of
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.settings import SimSettings
from shigotoba_sim.truth.report import truth_of
from shigotoba_wire.readings import Reading

pytestmark = [pytest.mark.integration, pytest.mark.promise]

SEATS, DAYS, KEEP_ALIVE_S = map(int, os.environ.get("SHIGOTOBA_TRUTH", "100 7 3600").split())
JAPAN = ZoneInfo("Asia/Tokyo")
END = date(2026, 11, 21)
FIRST = END - timedelta(days=DAYS)
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
"""Midnight in Tokyo, at the end of the last day."""

POINTS_OF_TOLERANCE = 0.5
OF_BOOKINGS = {"bookings", "bookings_used", "no_shows", "booked", "recovered", "unmet_demand"}
"""Nobody books here: see ``test_truth_of_bookings``."""

OPEN_MIN, CLOSE_MIN = 8 * 60 + 30, 17 * 60 + 15
PORTION = 200_000
MINUTE_MS = 60_000

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
        )
    )


@pytest.fixture
def product(database: str, inputs: PlanInputs) -> Iterator[psycopg.Connection]:
    """A database with the building's whole history, rolled up."""
    described = site_file(inputs.place, FIRST) | office_rows(inputs.roll.departments, FIRST, END)
    with psycopg.connect(database, autocommit=True) as conn:
        import_site(conn, msgspec.convert(described, SiteFile))
        for first in months_between(months_later(FIRST, -1), END):
            conn.execute("SELECT shigotoba.ensure_reading_month_v1(%s)", [first])
        readings = History(Plan(inputs), midnight_ms(END)).readings()
        while portion := list(islice(readings, PORTION)):
            store(conn, portion)
        rebuild(conn)
        yield conn


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


def told(conn: psycopg.Connection, key: str) -> list[IndicatorValue]:
    return indicator_values(conn, key, site("honcho"), months(), "single_month", NOW)


def months() -> list[Period]:
    return [month(first.year, first.month) for first in months_between(FIRST, END)]


@dataclass
class Open:
    """Occupied and available seconds inside opening hours."""

    occupied_s: float = 0.0
    available_s: float = 0.0


class Truth:
    """What really happened, gathered a day at a time while the simulator still remembers that day."""

    def __init__(self, inputs: PlanInputs, shown: Collection[str]) -> None:
        self.timeline = Timeline(Plan(inputs))
        self.open = defaultdict[tuple[str, date], Open](Open)
        self.impressions = defaultdict[date, int](int)
        self._place, self._shown = inputs.place, shown
        self._kinds = {space.code: space.kind for space in inputs.place.spaces}

    def gather(self, day: date) -> None:
        month_of, start_ms = day.replace(day=1), midnight_ms(day)
        for device in self._shown:
            printed = self._counted(device, midnight_ms(day + timedelta(days=1)))
            # What was printed before the first reading of all is not seen.
            self.impressions[month_of] += printed - self._counted(device, start_ms + (day == FIRST))
        if is_working_day(day):
            span = (start_ms + OPEN_MIN * MINUTE_MS, start_ms + CLOSE_MIN * MINUTE_MS)
            for space in truth_of(self.timeline, self._place, *span).spaces:
                of_kind = self.open[self._kinds[space.space], month_of]
                of_kind.occupied_s += space.occupied_s
                of_kind.available_s += (CLOSE_MIN - OPEN_MIN) * 60.0

    def _counted(self, device: str, before_ms: int) -> int:
        return self.timeline.counters_at(device, before_ms - 1).impressions_total


def test_every_figure_and_indicator_agrees_with_the_truth(product: psycopg.Connection, inputs: PlanInputs) -> None:
    answer = figures(product, "honcho", FIRST, END - timedelta(days=1))
    truth = Truth(inputs, {row.device for row in answer.printing if row.impressions_total is not None})
    compared = Comparison(truth.timeline, inputs, msgspec.convert(msgspec.to_builtins(answer), Product))
    for day, lines in groupby(compared.lines(FIRST, END), key=lambda line: line.day):
        for line in lines:
            assert line.verdict in ("equal", "close") or line.metric in OF_BOOKINGS, line
        if day is not None:
            truth.gather(day)
    for key, kind in (("seat_utilisation", "seat"), ("booth_utilisation", "booth")):
        for value in told(product, key):
            really = truth.open[kind, value.period.first]
            share = 100 * really.occupied_s / really.available_s
            assert value.value == pytest.approx(share, abs=POINTS_OF_TOLERANCE), value
            assert value.coverage == pytest.approx(1, abs=0.01)
    for value in told(product, "impressions"):
        assert value.value == truth.impressions[value.period.first], value
