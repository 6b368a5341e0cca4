"""The tables of the truth log and their columns, as data frames.

Times are UTC milliseconds as Parquet timestamps; counts are whole numbers; who sat somewhere is a number that belongs
to nobody. Responsible for columns. Refuses to know files (see ``log``).
"""
# pyright: reportUnknownMemberType=false
# polars' annotations name NumPy types, which are unknown here: NumPy is not installed.

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

import msgspec
import polars as pl

from shigotoba_sim.plan.bookings import Booking
from shigotoba_sim.plan.events import Job, Press
from shigotoba_sim.truth.spells import Spell

Table = Literal["stays", "presses", "jobs", "bookings", "faults"]

_TIME: Final = pl.Datetime("ms", "UTC")


class Trouble(msgspec.Struct, frozen=True, gc=False):
    """A fault that was active from ``start_ms`` until before ``end_ms``; an instant has two equal times.

    Attributes:
        fault: Its kind.
        device: Whom it befell; empty for all.
        start_ms: From when.
        end_ms: Until before when.
    """

    fault: str
    device: str
    start_ms: int
    end_ms: int


COLUMNS: Final[dict[Table, dict[str, pl.DataType | type[pl.DataType]]]] = {
    "stays": {"space": pl.String, "person": pl.Int32, "start": pl.Int64, "end": pl.Int64},
    "presses": {"at": pl.Int64, "space": pl.String, "button": pl.String},
    "jobs": {
        "at": pl.Int64,
        "mfp": pl.String,
        "function": pl.String,
        "impressions": pl.Int32,
        "sheets": pl.Int32,
        "colour": pl.Boolean,
        "pages": pl.Int32,
    },
    "bookings": {
        "space": pl.String,
        "person": pl.Int32,
        "made": pl.Int64,
        "start": pl.Int64,
        "end": pl.Int64,
        "came": pl.Int64,
        "came_by": pl.String,
        "left": pl.Int64,
        "left_by": pl.String,
        "gone": pl.Int64,
        "cancelled": pl.Int64,
    },
    "faults": {"fault": pl.String, "device": pl.String, "start": pl.Int64, "end": pl.Int64},
}
"""Columns in the order of the fields of the rows."""

_TIMES: Final = ("at", "start", "end", "made", "came", "left", "gone", "cancelled")

Row = Spell | Press | Job | Booking | Trouble
"""A row of any table."""


def frame_of(table: Table, rows: Iterable[Row]) -> pl.DataFrame:
    """The rows of one table, in the order in which they come."""
    columns = COLUMNS[table]
    frame = pl.DataFrame([msgspec.structs.astuple(row) for row in rows], schema=columns, orient="row")
    return frame.with_columns(pl.col(name).cast(_TIME) for name in columns if name in _TIMES)
