"""What new readings change besides their table: the newest value of a point, and which stretches were touched.

All that does not depend on what the database holds is worked out before the transaction, up to the bytes of the
parameters; inside it only the instants are found since when the newest values have been so.

Responsible for ``latest`` and ``touched``. Refuses to compute buckets (see ``rollups``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import psycopg
from numpy.typing import NDArray

from shigotoba_backend.ingest.arrays import Float8s, Instants, Int4s, Texts, float8s, instants, int4s, texts
from shigotoba_backend.ingest.ordered import Ordered, Places, differing, firsts, lasts
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("ingest.sql", package="shigotoba_backend.ingest")

LONGEST_GAP_MS: Final = 6 * 3600 * 1000
"""Readings further apart are two stretches, so that one late reading does not touch all the time up to now."""

_NEVER_MS: Final = np.iinfo(np.int64).min


class Newest(NamedTuple):
    """The newest value of a point that the database holds, and since when it has been so; UTC milliseconds."""

    at_ms: int
    value: float | None
    label: str | None
    changed_at_ms: int


class Ending(NamedTuple):
    """How what was said of a point ends.

    Attributes:
        value: What was said last; like ``label``, None if it was the other.
        label: See there.
        ats_ms: When it was said, as often as nothing else came between; UTC milliseconds, in order.
        other_at_ms: When something else was said last, before; long before all time if never.
    """

    value: float | None
    label: str | None
    ats_ms: NDArray[np.int64]
    other_at_ms: int


class Newer(NamedTuple):
    """The endings of points, and their last values by columns; points in order of id: all workers lock in one order."""

    endings: Sequence[tuple[int, Ending]]
    point_ids: Int4s
    ats: Instants
    values: Float8s
    labels: Texts


class Touched(NamedTuple):
    """Stretches of points by columns, both ends included."""

    point_ids: Int4s
    from_at: Instants
    to_at: Instants


def newer_of(rows: Ordered) -> Newer:
    """How what was said of each point ends, ready for the database."""
    ends = lasts(rows.of_another_point)
    endings = endings_of(rows, ends)
    point_ids = rows.point_ids[ends].tolist()
    return Newer(
        list(zip(point_ids, endings, strict=True)),
        int4s(point_ids),
        instants(rows.ats_ms[ends].tolist()),
        float8s([ending.value for ending in endings]),
        texts([ending.label for ending in endings]),
    )


def endings_of(rows: Ordered, ends: Places) -> list[Ending]:
    """The endings of the points that end at these places."""
    other_point = rows.of_another_point
    begun = other_point | differing(rows.values) | differing(rows.words)
    since = np.maximum.accumulate(np.where(begun, np.arange(len(begun)), 0))[ends]
    others = np.where(other_point[since], _NEVER_MS, rows.ats_ms[since - 1]).tolist()
    values, labels = rows.values[ends].tolist(), rows.labels(ends)
    return [
        Ending(value if label is None else None, label, rows.ats_ms[first : last + 1], other)
        for value, label, first, last, other in zip(values, labels, since, ends, others, strict=True)
    ]


def update_latest(conn: psycopg.Connection, newer: Newer) -> None:
    """Moves the newest values on, within the caller's transaction; late readings change nothing."""
    rows = conn.execute(_QUERIES["lock_latest"], {"point_ids": newer.point_ids}).fetchall()
    held = {point_id: Newest(*state) for point_id, *state in rows}
    changed_ats_ms = [changed_at_ms(held.get(point_id), ending) for point_id, ending in newer.endings]
    columns = {
        "ats": newer.ats,
        "values": newer.values,
        "labels": newer.labels,
        "changed_ats": instants(changed_ats_ms),
    }
    conn.execute(_QUERIES["put_latest"], {"point_ids": newer.point_ids} | columns)


def changed_at_ms(held: Newest | None, ending: Ending) -> int:
    """Since when the last thing said has been so, UTC milliseconds; of no meaning if what is held is newer still."""
    value, label, ats_ms, other_at_ms = ending
    if held is None or other_at_ms >= held.at_ms:
        return int(ats_ms[0])
    if held.at_ms > ats_ms[-1] or (held.value == value and held.label == label):
        return held.changed_at_ms
    return int(ats_ms[np.searchsorted(ats_ms, held.at_ms)])


def touched_by(rows: Ordered) -> Touched:
    """The stretches of readings that the rows make."""
    from_, to = stretches(rows)
    return Touched(
        int4s(rows.point_ids[from_].tolist()), instants(rows.ats_ms[from_].tolist()), instants(rows.ats_ms[to].tolist())
    )


def stretches(rows: Ordered) -> tuple[Places, Places]:
    """Where each stretch begins and where it ends."""
    begun = rows.of_another_point
    begun[1:] |= np.diff(rows.ats_ms) > LONGEST_GAP_MS
    return firsts(begun), lasts(begun)


def note_touched(conn: psycopg.Connection, touched: Touched) -> None:
    """Tells the rollups which stretches of which points have new readings, within the caller's transaction."""
    conn.execute(_QUERIES["note_touched"], touched._asdict())
