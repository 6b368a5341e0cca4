"""Which rises of a counter may be true: an engine marks only so many sides a minute, and a long silence hides anything.

A rise faster than the device works is held, and so is one over more than a day of which nothing was heard, unless it is
no more than what fits around the moments of switching off and on. After a held rise, counting goes on from the new
value.

Responsible for that judgement. Refuses to decide about a held rise: a person does (see ``holds``).
"""
# pyright: reportUnknownMemberType=false
# polars' annotations name NumPy types, which are unknown here.

from __future__ import annotations

from typing import Final

import polars as pl

from shigotoba_backend.rollups.intervals import DAY_MS

MINUTE_MS: Final = 60_000
LONG_GAP_MS: Final = DAY_MS
AROUND_A_GAP_MIN: Final = 2.0
"""A printer that is asked every minute or so cannot work unseen for longer than this before it is switched off."""

SLACK: Final = 1.1
"""A device may be a little faster than its data sheet, and two readings may be told closer than they were taken."""

IMPRESSIONS_PER_MIN: Final = 100.0
"""Of a device nobody has told the speed of: more than ordinary office machines do."""

_PER_MIN: Final = {"fax": 60.0, "scan": 300.0}
"""Pages through several telephone lines, and through a double-head feeder; in no device's data here."""


def judged(steps: pl.DataFrame) -> pl.DataFrame:
    """The steps with ``cause``: ``too_fast``, ``long_gap``, or null for a rise that may be true.

    Args:
        steps: With ``name, delta, from_ms, at_ms, per_min``; the last is null where the device's speed is not known.
    """
    minutes = (pl.col("at_ms") - pl.col("from_ms")) / MINUTE_MS
    most = _per_min() * SLACK
    too_fast = pl.col("delta") > most * pl.max_horizontal(minutes, pl.lit(1.0))
    unseen = (pl.col("at_ms") - pl.col("from_ms") > LONG_GAP_MS) & (pl.col("delta") > most * AROUND_A_GAP_MIN)
    cause = pl.when(too_fast).then(pl.lit("too_fast")).when(unseen).then(pl.lit("long_gap"))
    return steps.with_columns(cause=cause)


def _per_min() -> pl.Expr:
    kind = pl.col("name").str.split("_").list.first()
    told = pl.col("per_min").fill_null(IMPRESSIONS_PER_MIN)
    return kind.replace_strict(_PER_MIN, default=None, return_dtype=pl.Float64).fill_null(told)
