"""The oracle: the product's own arithmetic on the history of a building, held against the truth of that building."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import polars as pl
import pytest

from shigotoba_backend.rollups.counters import HOLD_KEY, counted, printing_by_hour
from shigotoba_backend.rollups.occupancy import use_by_quarter
from shigotoba_backend.rollups.silence import KEEP_ALIVES_KNOWN
from shigotoba_sim.building import site_file
from shigotoba_sim.clock import midnight_ms
from shigotoba_sim.compare.gather import COUNTERS, Comparison
from shigotoba_sim.compare.metrics import Line, Seconds, occupied
from shigotoba_sim.compare.product import PrinterDay, Product, ProductError, SpaceDay, read_product
from shigotoba_sim.compare.report import text_of
from shigotoba_sim.faults import kinds
from shigotoba_sim.faults.planning import faults_of
from shigotoba_sim.history.stream import History
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline

FIRST, END = date(2026, 10, 28), date(2026, 10, 30)
BOOKED = {"bookings", "bookings_used", "no_shows", "booked", "recovered", "unmet_demand"}
"""Not told by rollups: ``test_compare_bookings``."""

OFFSET_MS = 9 * 3_600_000
DAY_MS = 24 * 3_600_000


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime.fromisoformat(f"2026-10-{day:02d}T{hour:02d}:{minute:02d}:00+09:00")


def product_of(inputs: PlanInputs) -> Product:
    """What the backend's rollups make of the history, without database and broker."""
    devices = site_file(inputs.place, FIRST, inputs.faults.replacements())["devices"]
    numbers = {row["code"]: number for number, row in enumerate(devices)}
    readings = list(History(Plan(inputs), midnight_ms(END)).readings())
    rows = [(numbers[one.device], one.point, one.at_ms, seq, one.value) for seq, one in enumerate(readings)]
    return Product("honcho", FIRST, END - timedelta(days=1), _use(inputs, devices, rows), _printing(devices, rows))


def _use(inputs: PlanInputs, devices: list[dict[str, object]], rows: Iterable[tuple]) -> tuple[SpaceDay, ...]:
    spaces = {space.code: number for number, space in enumerate(inputs.place.spaces)}
    sensors = pl.DataFrame(
        {
            "point_id": range(len(devices)),
            "reach_ms": [int(1000 * KEEP_ALIVES_KNOWN * float(str(row["keep_alive_s"]))) for row in devices],
            "space_id": [spaces[str(row["space"])] for row in devices],
            "since_ms": 0,
            "until_ms": 2**50,
        }
    )
    told = [(row[0], row[2], row[3], float(row[4])) for row in rows if row[1] == "occupancy"]
    pressed = [(row[0], row[2], row[4]) for row in rows if row[1] == "button" and row[4] != "released"]
    use = use_by_quarter(
        pl.DataFrame(told, schema=["point_id", "at_ms", "seq", "value"], orient="row"),
        pl.DataFrame(pressed, schema={"point_id": pl.Int64, "at_ms": pl.Int64, "label": pl.String}, orient="row"),
        sensors,
        pl.DataFrame(schema={"space_id": pl.Int64, "start_ms": pl.Int64, "end_ms": pl.Int64}),
    )
    found: dict[tuple[int, int], list[float]] = {}
    told_of = ["space_id", "bucket_ms", "occupied_s", "vacant_s", "presses"]
    for space, bucket, occupied_s, vacant_s, presses in use.select(told_of).iter_rows():
        sums = found.setdefault((space, (bucket + OFFSET_MS) // DAY_MS), [0.0, 0.0, 0])
        sums[0] += occupied_s
        sums[1] += occupied_s + vacant_s
        sums[2] += presses
    return tuple(_space_day(inputs, day, space, sums) for (space, day), sums in found.items())


def _space_day(inputs: PlanInputs, day: int, space: int, sums: list[float]) -> SpaceDay:
    which = inputs.place.spaces[space]
    when = datetime.fromtimestamp(day * 86_400, UTC).date()
    return SpaceDay(when, which.code, which.kind, sums[0] if sums[1] else None, sums[1], int(sums[2]))


def _printing(devices: list[dict[str, object]], rows: Iterable[tuple]) -> tuple[PrinterDay, ...]:
    told = [row for row in rows if row[1] in COUNTERS]
    readings = pl.DataFrame(told, schema=["device_id", "name", "at_ms", "seq", "value"], orient="row")
    speeds = readings.select("device_id", per_min=pl.lit(None, pl.Float64)).unique()
    released = readings.clear().select("device_id", "name", **dict.fromkeys(HOLD_KEY[2:], pl.lit(0, pl.Int64)))
    hours = printing_by_hour(counted(readings, speeds, released))
    days = hours.group_by("device_id", day=(pl.col("bucket_ms") + OFFSET_MS) // DAY_MS).agg(
        *(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()) for name in COUNTERS),
        pl.col("resets", "wraps").sum(),
        hours=pl.col("impressions_total").count(),
    )
    return tuple(
        msgspec.convert(
            {
                **row,
                "device": devices[row["device_id"]]["code"],
                "day": datetime.fromtimestamp(row["day"] * 86_400, UTC).date(),
            },
            PrinterDay,
        )
        for row in days.to_dicts()
    )


def lines_of(inputs: PlanInputs) -> list[Line]:
    lines = Comparison(Timeline(Plan(inputs)), inputs, product_of(inputs)).lines(FIRST, END)
    return [line for line in lines if line.metric not in BOOKED]


def broken(inputs: PlanInputs, *faults: kinds.Fault) -> PlanInputs:
    return msgspec.structs.replace(inputs, faults=faults_of(7, inputs.place, faults))


@pytest.fixture(scope="module")
def whole(inputs: PlanInputs) -> list[Line]:
    return lines_of(inputs)


def test_without_faults_time_agrees_to_half_a_point_and_counts_exactly(whole: list[Line]) -> None:
    assert {line.verdict for line in whole} <= {"equal", "close"}
    for line in whole:
        assert line.difference is not None
        assert abs(line.difference) <= {"%": 0.5, "h": 0.24, "1": 0}[line.unit], line
        assert line.coverage > 0.99
    assert sum(line.truth for line in whole if line.metric == "impressions_total" and line.of == "all printers") > 500
    assert any(line.metric == "presses" and line.truth for line in whole)


@pytest.fixture(scope="module")
def unheard(inputs: PlanInputs) -> list[Line]:
    """Two sensors die, a printer sleeps, another wraps, the stick is out, and a third of everything comes twice."""
    return lines_of(
        broken(
            inputs,
            kinds.SensorDies(start=at(28, 10), end=at(29, 15), who=("3f-s05", "4f-s07")),
            kinds.MfpAsleep(start=at(28, 9), end=at(29, 9, 5), who=("3f-p1",)),
            kinds.CounterWraps(at=at(28, 13), who=("4f-p1",), bits=32),
            kinds.StickUnplugged(start=at(28, 8), end=at(28, 20)),
            kinds.DuplicateDeliveries(start=at(28, 0), share=0.3),
        )
    )


@pytest.fixture(scope="module")
def meddled(inputs: PlanInputs) -> list[Line]:
    """A counter is reset, another wraps, a printer is replaced."""
    return lines_of(
        broken(
            inputs,
            kinds.CounterReset(at=at(28, 13, 3), who=("3f-p1",)),
            kinds.CounterWraps(at=at(28, 13), who=("3f-p2",), bits=31),
            kinds.MfpReplaced(at=at(28, 13, 3), who=("4f-p1",), serial="C777R123456"),
        )
    )


def total(lines: list[Line], metric: str, of: str) -> Line:
    (found,) = [line for line in lines if (line.metric, line.of, line.day) == (metric, of, None)]
    return found


def test_whatever_is_broken_nothing_differs_without_reason(unheard: list[Line], meddled: list[Line]) -> None:
    assert not [line for line in (*unheard, *meddled) if line.verdict == "differs"]


def test_what_a_dead_sensor_did_not_see_is_explained_by_its_coverage(unheard: list[Line], whole: list[Line]) -> None:
    seat = total(unheard, "occupied", "3f-s05")
    assert seat.truth == total(whole, "occupied", "3f-s05").truth
    assert seat.verdict == "explained"
    assert seat.coverage < 0.45
    assert {line.verdict for line in unheard if line.of == "3f-s06"} <= {"equal", "close"}


def test_a_printer_that_sleeps_is_caught_up_with(unheard: list[Line]) -> None:
    asleep = [line for line in unheard if line.metric == "impressions_total" and line.day is not None]
    assert {line.verdict for line in asleep} == {"explained"}
    assert total(unheard, "impressions_total", "3f-p1").difference == 0


def test_a_counter_that_wraps_is_counted_through(unheard: list[Line], meddled: list[Line]) -> None:
    wrapped = [line for line in unheard if line.of == "4f-p1"] + [line for line in meddled if line.of == "3f-p2"]
    assert {line.verdict for line in wrapped} == {"equal"}


def test_presses_unheard_are_called_undeclared(unheard: list[Line]) -> None:
    days = [line for line in unheard if line.metric == "presses" and line.of == "all booths" and line.day is not None]
    assert [line.verdict for line in days] == ["undeclared", "equal"]


def test_what_befalls_a_counter_is_declared(meddled: list[Line]) -> None:
    for place in ("3f-p1", "4f-p1"):
        one = total(meddled, "impressions_total", place)
        assert one.verdict in ("equal", "explained")
        assert one.difference is not None
        assert abs(one.difference) < 60


def test_a_product_that_invents_time_differs_whatever_it_covers() -> None:
    assert occupied("3f-s01", None, Seconds(3600, 3600 + 500, 40_000, 86_400)).verdict == "differs"
    assert occupied("3f-s01", None, Seconds(3600, 0, 80_000, 86_400)).verdict == "explained"
    assert occupied("3f-s01", None, Seconds(36_000, 0, 80_000, 86_400)).verdict == "differs"


def test_without_a_product_the_truth_is_told_and_nothing_judged(inputs: PlanInputs, whole: list[Line]) -> None:
    alone = list(Comparison(Timeline(Plan(inputs)), inputs, None).lines(FIRST, END))
    assert {line.verdict for line in alone} == {"not measured"}
    told = {(line.metric, line.of, line.day): line.truth for line in alone}
    assert all(told[line.metric, line.of, line.day] == line.truth for line in whole if line.unit != "1")


def test_the_text_keeps_what_disagrees(whole: list[Line]) -> None:
    wrong = msgspec.structs.replace(whole[-1], of="3f-p1", verdict="differs")
    short = list(text_of([*whole, wrong], every_space=False))
    assert len(short) < len(list(text_of([*whole, wrong], every_space=True)))
    assert short[0].startswith("metric")
    assert short[-2].endswith("differs")
    assert "1 differs" in short[-1]


def test_figures_of_other_days_or_sites_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    file.write_bytes(msgspec.json.encode(Product("honcho", FIRST, FIRST, (), ())))
    assert read_product(str(file), "honcho", FIRST, FIRST).use == ()
    for site, last in (("kuyakusho", FIRST), ("honcho", END)):
        with pytest.raises(ProductError, match="Ask the backend"):
            read_product(str(file), site, FIRST, last)
    file.write_text("{}")
    with pytest.raises(ProductError, match="not what"):
        read_product(str(file), "honcho", FIRST, FIRST)
