"""From touched stretches of readings to the work they make: which buckets, and which readings those take.

A reading changes what is known up to one reach before and after it (``silence``), whether somebody who comes within a
stay's gap after that was there already, the hour of its counter and the hour of that counter's next reading, and the
run of presses around it.

Responsible for choosing enough, and little more. Refuses to fetch and to compute.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from shigotoba_backend.rollups.counters import COUNTERS
from shigotoba_backend.rollups.intervals import END, HOUR_MS, QUARTER_MS, START, united, widened
from shigotoba_backend.rollups.occupancy import STAY_GAP_MS

OCCUPANCY: Final = pl.col("name") == "occupancy"
BUTTON: Final = pl.col("name") == "button"
COUNTER: Final = pl.col("name").is_in(COUNTERS)


def use_ranges(touched: pl.DataFrame, sensors: pl.DataFrame) -> pl.DataFrame:
    """Whole quarters of an hour to compute again.

    Args:
        touched: ``point_id, from_ms, to_ms``, both ends included.
        sensors: ``point_id, name, reach_ms, space_id, since_ms, until_ms``.

    Returns:
        ``space_id, start_ms, end_ms``.
    """
    placed = touched.join(sensors.filter(OCCUPANCY | BUTTON), on="point_id").drop_nulls("space_id")
    around = placed.select(
        "space_id",
        start_ms=pl.max_horizontal(pl.col("from_ms") - pl.col("reach_ms"), "since_ms"),
        end_ms=pl.min_horizontal(pl.col("to_ms") + pl.col("reach_ms") + 1, "until_ms"),
    )
    after = around.filter(START < END).with_columns(end_ms=END + STAY_GAP_MS)
    return united(widened(after, QUARTER_MS), "space_id")


def printing_ranges(touched: pl.DataFrame, following: pl.DataFrame, sensors: pl.DataFrame) -> pl.DataFrame:
    """Whole hours to compute again.

    Args:
        touched: ``point_id, from_ms, to_ms``, both ends included.
        following: ``point_id, at_ms`` of the next reading after each touched stretch of a counter.
        sensors: ``point_id, name, device_id``.

    Returns:
        ``device_id, start_ms, end_ms``.
    """
    hit = pl.concat(
        [
            touched.select("point_id", start_ms="from_ms", end_ms=pl.col("to_ms") + 1),
            following.select("point_id", start_ms="at_ms", end_ms=pl.col("at_ms") + 1),
        ]
    )
    devices = sensors.filter(COUNTER).select("point_id", "device_id").unique()
    return united(widened(hit.join(devices, on="point_id"), HOUR_MS), "device_id")


def booth_windows(touched: pl.DataFrame, sensors: pl.DataFrame) -> pl.DataFrame:
    """From the first to the last touched moment of each booth's buttons: ``space_id, from_ms, to_ms``, both included.

    What lies between two of them is played again too: a booth has a few dozen presses a day.
    """
    placed = touched.join(sensors.filter(BUTTON), on="point_id").drop_nulls("space_id")
    return placed.group_by("space_id").agg(pl.col("from_ms").min(), pl.col("to_ms").max()).sort("space_id")


def use_windows(ranges: pl.DataFrame, sensors: pl.DataFrame) -> pl.DataFrame:
    """The readings needed to compute ``ranges`` of spaces exactly: ``point_id, start_ms, end_ms``."""
    witnesses = ranges.join(sensors.filter(OCCUPANCY | BUTTON), on="space_id")
    present = witnesses.filter((START - STAY_GAP_MS).lt(pl.col("until_ms")), END.gt(pl.col("since_ms")))
    reach = pl.col("reach_ms")
    before = START - reach - STAY_GAP_MS
    return united(present.select("point_id", start_ms=before, end_ms=END + reach + 1), "point_id")


def printing_windows(ranges: pl.DataFrame, sensors: pl.DataFrame) -> pl.DataFrame:
    """The readings of ``ranges`` of devices; the one before each is needed too: ``point_id, start_ms, end_ms``."""
    points = sensors.filter(COUNTER).select("point_id", "device_id").unique()
    return united(ranges.join(points, on="device_id"), "point_id")
