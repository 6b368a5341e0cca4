"""What new readings change besides their table: the newest value of a point, and which stretches were touched.

All that does not depend on what the database holds is worked out before the transaction, up to the bytes of the
parameters; inside it only the instants are found since when the newest values have been so.

Responsible for ``latest`` and ``touched``. Refuses to compute buckets (see ``rollups``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Final, NamedTuple

import msgspec
import psycopg

from shigotoba_backend.ingest.arrays import Float8s, Instants, Int4s, Texts, float8s, instants, int4s, texts
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
    """The newest value of a point that the database holds, and since when it has been so; UTC milliseconds."""

    at_ms: int
    value: float | None
    label: str | None
    changed_at_ms: int


class Ending(NamedTuple):
    """What was said of a point, in order of time, and from which place on it was what was said last."""

    said: Sequence[Said]
    same_from: int


class Newer(NamedTuple):
    """The endings of points, and their last values by columns."""

    endings: Mapping[int, Ending]
    point_ids: Int4s
    ats: Instants
    values: Float8s
    labels: Texts


class Touched(NamedTuple):
    """Stretches of points by columns, both ends included."""

    point_ids: Int4s
    from_at: Instants
    to_at: Instants


_AT: Final = attrgetter("at_ms")
_IN_ORDER: Final = attrgetter("at_ms", "seq")


def by_point(rows: Rows) -> dict[int, list[Said]]:
    """What was said of each point, in order of time; points in order of id, so that all workers lock in one order."""
    found: defaultdict[int, list[Said]] = defaultdict(list)
    for point_id, said in zip(rows.point_ids, map(Said, rows.ats_ms, rows.seqs, rows.values, rows.labels), strict=True):
        found[point_id].append(said)
    return {point_id: sorted(found[point_id], key=_IN_ORDER) for point_id in sorted(found)}


def newer_of(said_of: Mapping[int, Sequence[Said]]) -> Newer:
    """How what was said of each point ends, ready for the database."""
    lasts = [said[-1] for said in said_of.values()]
    return Newer(
        {point_id: ending_of(said) for point_id, said in said_of.items()},
        int4s(list(said_of)),
        instants([last.at_ms for last in lasts]),
        float8s([last.value for last in lasts]),
        texts([last.label for last in lasts]),
    )


def ending_of(said: Sequence[Said]) -> Ending:
    """How what was ``said``, which is at least one thing and in order of time, ends."""
    last = said[-1]
    same_from = len(said) - 1
    while same_from and said[same_from - 1].value == last.value and said[same_from - 1].label == last.label:
        same_from -= 1
    return Ending(said, same_from)


def update_latest(conn: psycopg.Connection, newer: Newer) -> None:
    """Moves the newest values on, within the caller's transaction; late readings change nothing."""
    rows = conn.execute(_QUERIES["lock_latest"], {"point_ids": newer.point_ids}).fetchall()
    held = {point_id: Newest(*state) for point_id, *state in rows}
    changed_ats_ms = [changed_at_ms(held.get(point_id), ending) for point_id, ending in newer.endings.items()]
    columns = {
        "ats": newer.ats,
        "values": newer.values,
        "labels": newer.labels,
        "changed_ats": instants(changed_ats_ms),
    }
    conn.execute(_QUERIES["put_latest"], {"point_ids": newer.point_ids} | columns)


def changed_at_ms(held: Newest | None, ending: Ending) -> int:
    """Since when the last thing said has been so, UTC milliseconds; of no meaning if what is held is newer still."""
    said, same_from = ending
    if held is None or (same_from and said[same_from - 1].at_ms >= held.at_ms):
        return said[same_from].at_ms
    last = said[-1]
    if held.at_ms > last.at_ms or (held.value == last.value and held.label == last.label):
        return held.changed_at_ms
    return said[bisect_left(said, held.at_ms, lo=same_from, key=_AT)].at_ms


def touched_by(said_of: Mapping[int, Sequence[Said]]) -> Touched:
    """The stretches of readings that what was said makes."""
    found = [
        (point_id, *stretch)
        for point_id, said in said_of.items()
        for stretch in stretches([each.at_ms for each in said])
    ]
    point_ids, from_ms, to_ms = zip(*found, strict=True) if found else ((), (), ())
    return Touched(int4s(point_ids), instants(from_ms), instants(to_ms))


def note_touched(conn: psycopg.Connection, touched: Touched) -> None:
    """Tells the rollups which stretches of which points have new readings, within the caller's transaction."""
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
