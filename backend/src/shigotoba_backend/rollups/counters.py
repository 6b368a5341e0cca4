"""What a printer's counters rose by, hour by hour.

The rule (research/workplace.md section 5, design section 5): the difference between two consecutive readings of a
counter belongs to the hour of the later one. A counter that falls has wrapped when its old value was within 100,000
below 2^32 (Printer-MIB) or 2^31 (PWG), otherwise it began again at 0. Of several readings at one instant the one with
the highest sequence number counts. A first reading is a starting point and no difference: its hour stays without data.
A rise that may not be true (``plausible``) is not counted unless a person has released it. A reading whose time is in
doubt is not among them (``printing.sql``): what it had counted is in the next one.

Responsible for the arithmetic. Refuses to fetch.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from shigotoba_backend.rollups.intervals import HOUR_MS
from shigotoba_backend.rollups.plausible import judged

COUNTERS: Final = (
    "impressions_total",
    "impressions_print",
    "impressions_copy",
    "impressions_fax",
    "impressions_other",
    "fax_sent",
    "scan_sent",
    "impressions_mono",
    "impressions_colour",
    "impressions_print_mono",
    "impressions_print_colour",
    "impressions_copy_mono",
    "impressions_copy_colour",
    "impressions_large",
    "impressions_duplex",
    "sheets_total",
    "sheets_duplex",
    "fax_received",
)
"""Points of the vocabulary that have a column in ``printing_hour``."""

WRAPS_AT: Final = (2**32, 2**31)
WRAP_MARGIN: Final = 100_000

NOT_A_COUNTER_FROM: Final = 2**40
"""No engine lives to mark this much; a reading from here on, or below 0, is noise and is passed over."""


HOLD_KEY: Final = ("device_id", "name", "from_ms", "at_ms", "old", "value")
"""What makes a held rise the same one again."""


def printing_by_hour(steps: pl.DataFrame) -> pl.DataFrame:
    """Rises by device and hour.

    Args:
        steps: As ``counted`` gives them.

    Returns:
        ``device_id, bucket_ms``, a column for each of ``COUNTERS`` (null where there is no difference that counts, 0
        where it is 0), ``resets, wraps``: the instants at which any counter of the device fell, so that a new engine
        board, which resets all of them, is one event; and ``held``: the rises that wait or were refused.
    """
    hourly = steps.with_columns(bucket_ms=pl.col("at_ms") // HOUR_MS * HOUR_MS)
    counts = pl.col("counts")
    sums = [pl.col("delta").filter(counts, name=name).sum().alias(name) for name in COUNTERS]
    present = [(counts & (pl.col("name") == name)).any().alias(f"has_{name}") for name in COUNTERS]
    events = [pl.col("at_ms").filter(event).n_unique().cast(pl.Int64).alias(event + "s") for event in ("reset", "wrap")]
    held = (~counts).sum().cast(pl.Int64).alias("held")
    hours = hourly.group_by("device_id", "bucket_ms").agg(*sums, *present, *events, held)
    known = [pl.when(f"has_{name}").then(name).alias(name) for name in COUNTERS]
    return hours.select("device_id", "bucket_ms", *known, "resets", "wraps", "held").sort("device_id", "bucket_ms")


def counted(readings: pl.DataFrame, speeds: pl.DataFrame, released: pl.DataFrame) -> pl.DataFrame:
    """Every difference between consecutive readings, and whether it counts.

    Args:
        readings: ``device_id, name, at_ms, seq, value`` of counters, in any order.
        speeds: ``device_id, per_min``: impressions a minute, null where nobody told.
        released: The columns of ``HOLD_KEY``: rises that a person has let through.

    Returns:
        As ``differences``, and ``cause`` of a hold, and ``counts``.
    """
    steps = differences(readings).join(speeds, on="device_id", how="left", maintain_order="left")
    let_through = released.select(*HOLD_KEY, released=pl.lit(value=True))
    known = judged(steps).join(let_through, on=HOLD_KEY, how="left", maintain_order="left")
    return known.with_columns(counts=pl.col("cause").is_null() | pl.col("released").is_not_null())


def differences(readings: pl.DataFrame) -> pl.DataFrame:
    """Every reading but the first of each counter, and what it rose by since the one before.

    Returns:
        ``device_id, name, from_ms, at_ms, old, value, delta, reset, wrap``.
    """
    counter = ["device_id", "name"]
    ordered = readings.sort(*counter, "at_ms", "seq", "value").with_columns(pl.col("value").cast(pl.Int64))
    spoken = ordered.unique([*counter, "at_ms"], keep="last", maintain_order=True)
    new, old = pl.col("value"), pl.col("old")
    before = {"old": new.shift(1).over(counter), "from_ms": pl.col("at_ms").shift(1).over(counter)}
    steps = spoken.with_columns(**before).drop_nulls("old").with_columns(wraps_at=_wraps_at())
    fell, wrapped = new < old, pl.col("wraps_at").is_not_null()
    delta = pl.when(~fell).then(new - old).when(wrapped).then(new + pl.col("wraps_at") - old).otherwise(new)
    return steps.select(
        *counter, "from_ms", "at_ms", "old", "value", delta=delta, reset=fell & ~wrapped, wrap=fell & wrapped
    )


def _wraps_at() -> pl.Expr:
    old = pl.col("old")
    limits = [pl.when(old.is_between(limit - WRAP_MARGIN, limit, closed="left")).then(limit) for limit in WRAPS_AT]
    return pl.coalesce(limits)
