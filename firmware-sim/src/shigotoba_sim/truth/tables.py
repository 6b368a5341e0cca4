"""The tables of the truth log and their columns, as data frames.

Times are UTC milliseconds as Parquet timestamps; counts are whole numbers; who sat somewhere is a number that belongs
to nobody. Responsible for columns. Refuses to know files (see ``log``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

import msgspec
import polars as pl

from shigotoba_sim.plan.bookings import Booking
from shigotoba_sim.plan.events import Job, Press
from shigotoba_sim.plan.wishes import Wish
from shigotoba_sim.truth.spells import Spell

Table = Literal["stays", "presses", "jobs", "bookings", "changes", "wishes", "faults"]

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


class Changed(msgspec.Struct, frozen=True, gc=False):
    """A change of the booking of ``space`` that begins at ``start_ms`` in the end, and what was agreed until then."""

    space: str
    start_ms: int
    at_ms: int
    did: str
    was_space: str
    was_start_ms: int
    was_end_ms: int


def changes_of(bookings: Iterable[Booking]) -> Iterator[Changed]:
    """What was changed about each."""
    for booking in bookings:
        for change in booking.changes:
            yield Changed(
                booking.space, booking.start_ms, change.at_ms, change.did, *msgspec.structs.astuple(change.was)
            )


COLUMNS: Final[dict[Table | Saying, dict[str, pl.DataType | type[pl.DataType]]]] = {
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
        "waited": pl.Int64,
    },
    "changes": {
        "space": pl.String,
        "start": pl.Int64,
        "at": pl.Int64,
        "did": pl.String,
        "was_space": pl.String,
        "was_start": pl.Int64,
        "was_end": pl.Int64,
    },
    "wishes": {
        "floor": pl.String,
        "person": pl.Int32,
        "looked": pl.Int64,
        "start": pl.Int64,
        "end": pl.Int64,
        "gave_up": pl.Int64,
    },
    "faults": {"fault": pl.String, "device": pl.String, "start": pl.Int64, "end": pl.Int64},
    "answers": {
        "at": pl.Int64,
        "person": pl.Int32,
        "did": pl.String,
        "space": pl.String,
        "start": pl.Int64,
        "status": pl.Int32,
        "code": pl.String,
    },
    "displays": {
        "at": pl.Int64,
        "space": pl.String,
        "state": pl.String,
        "until": pl.Int64,
        "next": pl.Int64,
        "answer": pl.String,
        "somebody": pl.Boolean,
        "stale": pl.Boolean,
    },
}
"""Columns in the order of the fields of the rows."""

_TIMES: Final = (
    "at", "start", "end", "made", "came", "left", "gone", "cancelled", "waited", "until", "next",
    "was_start", "was_end", "looked", "gave_up",
)  # fmt: skip

Row = Spell | Press | Job | Booking | Changed | Wish | Trouble
"""A row of any table about what happened."""

Saying = Literal["answers", "displays"]


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What the product answered to somebody's phone.

    Attributes:
        at_ms: When, UTC milliseconds.
        person: Who asked.
        did: What was asked for, see ``plan.diary.Did``.
        space: The booth; of a wish the floor.
        start_ms: When the booking or the wish begins that it was about.
        status: Of HTTP; 0 when nobody answered.
        code: Of the refusal; empty for none.
    """

    at_ms: int
    person: int
    did: str
    space: str
    start_ms: int
    status: int
    code: str


class Shown(msgspec.Struct, frozen=True, gc=False):
    """What the display beside a booth showed from ``at_ms`` on: see ``BoothDisplay`` of the wire."""

    at_ms: int
    space: str
    state: str
    until_ms: int | None
    next_ms: int | None
    answer: str | None
    somebody: bool | None
    stale: bool


def frame_of(table: Table | Saying, rows: Iterable[Row | Answer | Shown]) -> pl.DataFrame:
    """The rows of one table, in the order in which they come."""
    columns = COLUMNS[table]
    # A booking's changes come last, and are a table of their own.
    values = [msgspec.structs.astuple(row)[: len(columns)] for row in rows]
    frame = pl.DataFrame(values, schema=columns, orient="row")
    return frame.with_columns(pl.col(name).cast(_TIME) for name in columns if name in _TIMES)
