"""Half-open intervals of time in frames: united, and cut at the edges of buckets.

A frame of intervals has ``start_ms`` and ``end_ms``, integer milliseconds UTC with start before end, so that sums are
exact and do not depend on order.

Responsible for arithmetic on intervals. Refuses to know what happened in them.
"""

from __future__ import annotations

from typing import Final

import polars as pl

QUARTER_MS: Final = 15 * 60 * 1000
HOUR_MS: Final = 60 * 60 * 1000
DAY_MS: Final = 24 * HOUR_MS

START: Final = pl.col("start_ms")
END: Final = pl.col("end_ms")


def united(intervals: pl.DataFrame, key: str) -> pl.DataFrame:
    """The union of the intervals of each key: overlapping and touching ones become one."""
    ordered = intervals.select(key, "start_ms", "end_ms").sort(key, "start_ms")
    reached = END.cum_max().shift(1).over(key)
    apart = reached.is_null() | reached.lt(START)
    runs = ordered.with_columns(run=apart.cum_sum()).group_by(key, "run", maintain_order=True)
    return runs.agg(START.min(), END.max()).drop("run")


def common(intervals: pl.DataFrame, others: pl.DataFrame, key: str) -> pl.DataFrame:
    """What of the intervals of each key lies in ``others`` of that key, which do not overlap each other."""
    both = intervals.join(others.select(key, from_ms="start_ms", to_ms="end_ms"), on=key)
    clipped = both.with_columns(start_ms=pl.max_horizontal(START, "from_ms"), end_ms=pl.min_horizontal(END, "to_ms"))
    return clipped.filter(START < END).drop("from_ms", "to_ms")


def merged(intervals: pl.DataFrame, key: str, gap_ms: int) -> pl.DataFrame:
    """The union of the intervals of each key, and of gaps of at most ``gap_ms`` between them."""
    longer = united(intervals.with_columns(end_ms=END + gap_ms), key)
    return longer.with_columns(end_ms=END - gap_ms)


def widened(intervals: pl.DataFrame, width_ms: int) -> pl.DataFrame:
    """The intervals with their ends moved out to multiples of ``width_ms`` since 1970."""
    return intervals.with_columns(start_ms=START // width_ms * width_ms, end_ms=-(-END // width_ms) * width_ms)


def cut(intervals: pl.DataFrame, width_ms: int) -> pl.DataFrame:
    """The intervals cut at multiples of ``width_ms``; ``bucket_ms`` is the multiple each piece lies after.

    Quarters of an hour since 1970 are quarters of an hour of the wall clock in every time zone in use.
    """
    buckets = pl.int_ranges(START // width_ms * width_ms, END, width_ms)
    pieces = intervals.with_columns(bucket_ms=buckets).explode("bucket_ms")
    bucket = pl.col("bucket_ms")
    return pieces.with_columns(
        start_ms=pl.max_horizontal(START, bucket), end_ms=pl.min_horizontal(END, bucket + width_ms)
    )
