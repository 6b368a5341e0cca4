"""What new readings change besides their table: the newest value of a point, and which stretches were touched.

Responsible for ``latest`` and ``touched``. Refuses to compute buckets (see ``rollups``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from operator import attrgetter
from typing import Final, NamedTuple

import psycopg

from shigotoba_backend.ingest.judge import Row
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("ingest.sql", package="shigotoba_backend.ingest")

LONGEST_GAP_MS: Final = 6 * 3600 * 1000
"""Readings further apart are two stretches, so that one late reading does not touch all the time up to now."""


class Newest(NamedTuple):
    """The newest value of a point, and since when it has been so; UTC milliseconds."""

    at_ms: int
    value: float | None
    label: str | None
    changed_at_ms: int


def by_point(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """The rows of each point, in order of time; points in order of id, so that all workers lock in one order."""
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.point_id].append(row)
    return {point_id: sorted(found[point_id], key=attrgetter("at_ms", "seq")) for point_id in sorted(found)}


def update_latest(conn: psycopg.Connection, rows_of: Mapping[int, Sequence[Row]]) -> None:
    """Moves the newest values on, within the caller's transaction; late readings change nothing."""
    if not rows_of:
        return
    held = {row[0]: Newest(*row[1:]) for row in conn.execute(_QUERIES["lock_latest"], {"point_ids": list(rows_of)})}
    newest = {point_id: advance(held.get(point_id), rows) for point_id, rows in rows_of.items()}
    columns = {
        "point_ids": list(newest),
        "ats_ms": [state.at_ms for state in newest.values()],
        "values": [state.value for state in newest.values()],
        "labels": [state.label for state in newest.values()],
        "changed_ats_ms": [state.changed_at_ms for state in newest.values()],
    }
    conn.execute(_QUERIES["put_latest"], columns)


def advance(held: Newest | None, rows: Sequence[Row]) -> Newest:
    """The newest value after ``rows``, which are at least one and in order of time."""
    newer = rows if held is None else [row for row in rows if row.at_ms >= held.at_ms]
    if held is not None and not newer:
        return held
    last = newer[-1]
    same = list(takewhile(lambda row: (row.value, row.label) == (last.value, last.label), reversed(newer)))
    unchanged = held is not None and len(same) == len(newer) and (held.value, held.label) == (last.value, last.label)
    changed_at_ms = held.changed_at_ms if held is not None and unchanged else same[-1].at_ms
    return Newest(last.at_ms, last.value, last.label, changed_at_ms)


def note_touched(conn: psycopg.Connection, rows_of: Mapping[int, Sequence[Row]]) -> None:
    """Tells the rollups which stretches of which points have new readings, within the caller's transaction."""
    if not rows_of:
        return
    touched = [(point_id, *ends) for point_id, rows in rows_of.items() for ends in stretches([r.at_ms for r in rows])]
    point_ids, from_ms, to_ms = zip(*touched, strict=True)
    columns = {"point_ids": list(point_ids), "from_ms": list(from_ms), "to_ms": list(to_ms)}
    conn.execute(_QUERIES["note_touched"], columns)


def stretches(times_ms: Sequence[int]) -> list[tuple[int, int]]:
    """First and last time of each stretch of ``times_ms``, which are in order."""
    found: list[tuple[int, int]] = []
    for time_ms in times_ms:
        if found and time_ms - found[-1][1] <= LONGEST_GAP_MS:
            found[-1] = (found[-1][0], time_ms)
        else:
            found.append((time_ms, time_ms))
    return found
