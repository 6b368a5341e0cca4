"""Readings from one layout into another, in one transaction: all of it happens, or nothing.

While it runs, writers wait and readers go on: ingest holds what it has taken and acknowledges nothing, so senders keep
the rest. At the end both tables are compared by number and the new one takes the old one's name. It needs room for a
second copy, and some minutes for every hundred million readings.

Responsible for the move. Refuses to be clever about writers that do not wait.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Final

import psycopg

from shigotoba_backend.store.sql import load
from shigotoba_backend.upkeep.layout import Layout, LayoutError, Wanted, chosen, holds_readings, layout_of, offer_of

_QUERIES: Final = load("moving.sql", package="shigotoba_backend.upkeep")

Say = Callable[[str], None]


def arrange(conn: psycopg.Connection, wanted: Wanted, say: Say) -> Layout:
    """Brings an empty readings table into the layout to have; one with readings stays as it is.

    Raises:
        LayoutError: The setting demands what cannot be had.
    """
    now = layout_of(conn)
    target = chosen(wanted, now, holds_readings(conn), offer_of(conn))
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
        if layout_of(conn) is target:
            return 0
        if target is Layout.TIMESCALE:
            _install_timescale(conn)
        conn.execute(_QUERIES["stop_writers"])
        moved = _copy(conn, target)
        conn.execute(_QUERIES["swap"])
    say(f"{moved} readings are in layout {target.value}")
    if target is Layout.TIMESCALE:
        _compress(conn, say)
    return moved


def _install_timescale(conn: psycopg.Connection) -> None:
    offer = offer_of(conn)
    if offer.obstacle:
        raise LayoutError(f"layout 'timescale' cannot be had: {offer.obstacle}.")
    conn.execute(_QUERIES["install_timescale"])


def _copy(conn: psycopg.Connection, target: Layout) -> int:
    conn.execute(_QUERIES[f"make_{target.value}"])
    moved = conn.execute(_QUERIES["copy"]).rowcount
    (there,) = conn.execute(_QUERIES["count"]).fetchone() or (None,)
    if moved != there:
        raise LayoutError(f"{moved} of {there} readings arrived in the new table; nothing was changed.")
    return moved


def _compress(conn: psycopg.Connection, say: Say) -> None:
    """Compresses what is old enough now instead of when the policy next runs; may be interrupted."""
    chunks = [row[0] for row in conn.execute(_QUERIES["chunks_to_compress"])]
    for chunk in chunks:
        # The policy's own job may have been faster while this one waited for the chunk.
        with contextlib.suppress(psycopg.errors.DuplicateObject):
            conn.execute(_QUERIES["compress"], {"chunk": chunk})
    if chunks:
        say(f"{len(chunks)} chunks compressed")
