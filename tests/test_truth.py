"""Rollups and indicators of a simulated building against what really happened in it.

A week of 100 seats by default. The promise is about a year of 1,000 seats; it takes an hour or so and is asked for by
``SHIGOTOBA_TRUTH="1000 365 7200" python -m pytest tests/test_truth.py`` (seats, days, seconds between heartbeats).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import pytest

from shigotoba_backend.indicators.model import IndicatorValue
from shigotoba_backend.indicators.periods import Period, month, months_between, months_later
from shigotoba_backend.indicators.scopes import site
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.read.figures import figures
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

pytestmark = pytest.mark.integration

SEATS, DAYS, KEEP_ALIVE_S = map(int, os.environ.get("SHIGOTOBA_TRUTH", "100 7 3600").split())
JAPAN = ZoneInfo("Asia/Tokyo")
END = date(2026, 11, 21)
FIRST = END - timedelta(days=DAYS)
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
"""Midnight in Tokyo, at the end of the last day."""

POINTS_OF_TOLERANCE = 0.5
OPEN_MIN, CLOSE_MIN = 8 * 60 + 30, 17 * 60 + 15
PORTION = 200_000
MINUTE_MS = 60_000

POINTS = """
INSERT INTO shigotoba.point (device_id, name)
SELECT device_id, told.name FROM unnest(%s::text[], %s::text[]) AS told (code, name) JOIN shigotoba.device USING (code)
ON CONFLICT DO NOTHING
"""


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
    names = sorted({(reading.device, reading.point) for reading in readings})
    conn.execute(POINTS, [[device for device, _ in names], [point for _, point in names]])
    rows = conn.execute("SELECT code, name, point_id FROM shigotoba.point JOIN shigotoba.device USING (device_id)")
    points = {(code, name): point_id for code, name, point_id in rows}
    copy_in = "COPY shigotoba.reading (point_id, at, seq, value, label, uncertain) FROM STDIN"
    with conn.cursor() as cursor, cursor.copy(copy_in) as copy:
        for seq, reading in enumerate(readings):
            label = reading.value if isinstance(reading.value, str) else None
            value = None if label is not None else float(reading.value)
            at = datetime.fromtimestamp(reading.at_ms / 1000, UTC)
            copy.write_row((points[reading.device, reading.point], at, seq, value, label, False))


def told(conn: psycopg.Connection, key: str) -> list[IndicatorValue]:
    return indicator_values(conn, key, site("honcho"), months(), "single_month", NOW)


def months() -> list[Period]:
    return [month(first.year, first.month) for first in months_between(FIRST, END)]


def truth_open(inputs: PlanInputs, kind: str) -> list[tuple[float, float]]:
    """Occupied and available seconds of the spaces of ``kind`` inside opening hours, by month."""
    timeline, kinds = Timeline(Plan(inputs)), {space.code: space.kind for space in inputs.place.spaces}
    found = []
    for period in months():
        days = [FIRST + timedelta(days=number) for number in range(DAYS)]
        opened = [midnight_ms(day) for day in days if period.first <= day < period.beyond and is_working_day(day)]
        spans = [(day_ms + OPEN_MIN * MINUTE_MS, day_ms + CLOSE_MIN * MINUTE_MS) for day_ms in opened]
        spaces = [space for span in spans for space in truth_of(timeline, inputs.place, *span).spaces]
        of_kind = [space for space in spaces if kinds[space.space] == kind]
        found.append((sum(space.occupied_s for space in of_kind), len(of_kind) * (CLOSE_MIN - OPEN_MIN) * 60.0))
    return found


def test_every_figure_and_indicator_agrees_with_the_truth(product: psycopg.Connection, inputs: PlanInputs) -> None:
    answer = figures(product, "honcho", FIRST, END - timedelta(days=1))
    compared = Comparison(Timeline(Plan(inputs)), inputs, msgspec.convert(msgspec.to_builtins(answer), Product)).lines(
        FIRST, END
    )
    for line in compared:
        assert line.verdict in ("equal", "close"), line
    for key, kind in (("seat_utilisation", "seat"), ("booth_utilisation", "booth")):
        for value, (occupied_s, available_s) in zip(told(product, key), truth_open(inputs, kind), strict=True):
            assert value.value == pytest.approx(100 * occupied_s / available_s, abs=POINTS_OF_TOLERANCE), value
            assert value.coverage == pytest.approx(1, abs=0.01)
    counters = Timeline(Plan(inputs))
    shown = {row.device for row in answer.printing if row.impressions_total is not None}
    for value in told(product, "impressions"):
        start_ms = max(midnight_ms(value.period.first), midnight_ms(FIRST) + 1)
        end_ms = min(midnight_ms(value.period.beyond), midnight_ms(END))
        printed = [
            counters.counters_at(device, end_ms - 1) - counters.counters_at(device, start_ms - 1) for device in shown
        ]
        assert value.value == sum(each.impressions_total for each in printed), value
