"""Readings from one layout into another, in one transaction: all of it happens, or nothing.

While it runs, writers wait and readers go on: ingest holds what it has taken and acknowledges nothing, so senders keep
the rest. The readings are counted before and after. It needs room for a second copy, and some minutes for every hundred
million readings.

Responsible for the move. Refuses to be clever about writers that do not wait.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Final

import psycopg

from shigotoba_backend.store.sql import load
from shigotoba_backend.upkeep.layout import (
    Layout,
    LayoutError,
    Wanted,
    check_offered,
    chosen,
    holds_readings,
    layout_of,
    offers_of,
)

_QUERIES: Final = load("moving.sql", package="shigotoba_backend.upkeep")

Say = Callable[[str], None]


def arrange(conn: psycopg.Connection, wanted: Wanted, say: Say) -> Layout:
    """Brings an empty readings table into the layout to have; one with readings stays as it is.

    Raises:
        LayoutError: The setting demands what cannot be had.
    """
    now = layout_of(conn)
    target = chosen(wanted, now, holds_readings(conn), offers_of(conn))
    if target is not now:
        move(conn, target, say)
    return target


def move(conn: psycopg.Connection, target: Layout, say: Say) -> int:
    """Moves all readings into ``target``; how many there were.

    Args:
        conn: In autocommit mode.
        target: Where to; nothing is done if they are there.
        say: Told about each step.

    Raises:
        LayoutError: The server does not offer it, or the copy is not whole (nothing is changed then).
    """
    with conn.transaction():
        conn.execute(_QUERIES["take_turn"])
        now = layout_of(conn)
        if now is target:
            return 0
        check_offered(target, offers_of(conn))
        moved = _rearrange(conn, now, target)
    say(f"{moved} readings are in layout {target.value}")
    if target is Layout.TIMESCALE:
        _compress(conn, say)
    return moved


def settle(conn: psycopg.Connection) -> None:
    """After a restore: what was distributed by Citus has come back in the native layout, and is asked like it."""
    if layout_of(conn) is not Layout.CITUS:
        conn.execute(_QUERIES["ask_within"])


def _rearrange(conn: psycopg.Connection, now: Layout, target: Layout) -> int:
    steps = _steps(now, target)
    if Layout.CITUS in (now, target):
        conn.execute(_QUERIES["one_after_another"])
    conn.execute(_QUERIES["stop_writers"])
    there = _count(conn)
    for step in steps:
        conn.execute(_QUERIES[step])
    moved = _count(conn)
    if moved != there:
        raise LayoutError(f"{moved} of {there} readings arrived in the new table; nothing was changed.")
    return moved


def _steps(now: Layout, target: Layout) -> list[str]:
    """The statements that lead there, in order."""
    match now, target:
        case Layout.NATIVE, Layout.TIMESCALE:
            return ["install_timescale", "make_timescale", "copy", "swap"]
        case Layout.TIMESCALE, Layout.NATIVE:
            return ["make_native", "copy", "swap"]
        case Layout.NATIVE, Layout.CITUS:
            return ["install_citus", "ask_apart", "distribute"]
        case Layout.CITUS, Layout.NATIVE:
            return ["ask_within", "gather"]
        case _:
            raise LayoutError(
                f"there is no way straight from {now.value!r} to {target.value!r}: run `storage move native` first."
            )


def _count(conn: psycopg.Connection) -> int:
    (there,) = conn.execute(_QUERIES["count"]).fetchone() or (0,)
    return there


def _compress(conn: psycopg.Connection, say: Say) -> None:
    """Compresses what is old enough now instead of when the policy next runs; may be interrupted."""
    chunks = [row[0] for row in conn.execute(_QUERIES["chunks_to_compress"])]
    for chunk in chunks:
        # The policy's own job may have been faster while this one waited for the chunk.
        with contextlib.suppress(psycopg.errors.DuplicateObject):
            conn.execute(_QUERIES["compress"], {"chunk": chunk})
    if chunks:
        say(f"{len(chunks)} chunks compressed")
