"""What new readings change besides their table: the newest value of a point, and which stretches were touched.

Responsible for ``latest`` and ``touched``. Refuses to compute buckets (see ``rollups``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import takewhile
from operator import attrgetter
from typing import Final, NamedTuple

import msgspec
import psycopg

from shigotoba_backend.ingest.rows import Rows
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("ingest.sql", package="shigotoba_backend.ingest")

LONGEST_GAP_MS: Final = 6 * 3600 * 1000
"""Readings further apart are two stretches, so that one late reading does not touch all the time up to now."""


class Said(msgspec.Struct, frozen=True, gc=False):
    """A value of a point, when, and under which sequence number."""

    at_ms: int
    seq: int
    value: float | None
    label: str | None


class Newest(NamedTuple):
    """The newest value of a point, and since when it has been so; UTC milliseconds."""

    at_ms: int
    value: float | None
    label: str | None
    changed_at_ms: int


class Touched(NamedTuple):
    """Stretches of points by columns, both ends included; UTC milliseconds."""

    point_ids: list[int]
    from_ms: list[int]
    to_ms: list[int]


_IN_ORDER: Final = attrgetter("at_ms", "seq")


def by_point(rows: Rows) -> dict[int, list[Said]]:
    """What was said of each point, in order of time; points in order of id, so that all workers lock in one order."""
    found: defaultdict[int, list[Said]] = defaultdict(list)
    for point_id, said in zip(rows.point_ids, map(Said, rows.ats_ms, rows.seqs, rows.values, rows.labels), strict=True):
        found[point_id].append(said)
    return {point_id: sorted(found[point_id], key=_IN_ORDER) for point_id in sorted(found)}


def update_latest(conn: psycopg.Connection, said_of: Mapping[int, Sequence[Said]]) -> None:
    """Moves the newest values on, within the caller's transaction; late readings change nothing."""
    if not said_of:
        return
    held = {row[0]: Newest(*row[1:]) for row in conn.execute(_QUERIES["lock_latest"], {"point_ids": list(said_of)})}
    newest = {point_id: advance(held.get(point_id), said) for point_id, said in said_of.items()}
    columns = {
        "point_ids": list(newest),
        "ats_ms": [state.at_ms for state in newest.values()],
        "values": [state.value for state in newest.values()],
        "labels": [state.label for state in newest.values()],
        "changed_ats_ms": [state.changed_at_ms for state in newest.values()],
    }
    conn.execute(_QUERIES["put_latest"], columns)


def advance(held: Newest | None, said: Sequence[Said]) -> Newest:
    """The newest value after what was ``said``, which is at least one thing and in order of time."""
    newer = said if held is None else said[bisect_left(said, held.at_ms, key=attrgetter("at_ms")) :]
    if held is not None and not newer:
        return held
    last = newer[-1]
    same = list(takewhile(lambda each: (each.value, each.label) == (last.value, last.label), reversed(newer)))
    unchanged = held is not None and len(same) == len(newer) and (held.value, held.label) == (last.value, last.label)
    changed_at_ms = held.changed_at_ms if held is not None and unchanged else same[-1].at_ms
    return Newest(last.at_ms, last.value, last.label, changed_at_ms)


def touched_by(said_of: Mapping[int, Sequence[Said]]) -> Touched:
    """The stretches of readings that what was said makes."""
    found = Touched([], [], [])
    for point_id, said in said_of.items():
        for from_ms, to_ms in stretches([each.at_ms for each in said]):
            found.point_ids.append(point_id)
            found.from_ms.append(from_ms)
            found.to_ms.append(to_ms)
    return found


def note_touched(conn: psycopg.Connection, touched: Touched) -> None:
    """Tells the rollups which stretches of which points have new readings, within the caller's transaction."""
    if touched.point_ids:
        conn.execute(_QUERIES["note_touched"], touched._asdict())


def stretches(times_ms: Sequence[int]) -> list[tuple[int, int]]:
    """First and last time of each stretch of ``times_ms``, which are at least one and in order."""
    if times_ms[-1] - times_ms[0] <= LONGEST_GAP_MS:
        return [(times_ms[0], times_ms[-1])]
    found: list[tuple[int, int]] = []
    for time_ms in times_ms:
        if found and time_ms - found[-1][1] <= LONGEST_GAP_MS:
            found[-1] = (found[-1][0], time_ms)
        else:
            found.append((time_ms, time_ms))
    return found
