"""Layouts: who cuts the readings table into pieces, and how the choice is made.

One schema, one set of queries: ``shigotoba.reading`` has the same columns whether PostgreSQL partitions it by month
(native) or TimescaleDB by week (timescale), and everybody but this room ignores the difference. Citus is judged in
docs/decisions/0011.

A table that holds readings is never moved on the quiet: that is a command (see ``moving``).

Responsible for what the server offers, what is in use, and what to use. Refuses to move readings itself.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final, Literal

import psycopg

from shigotoba_backend.store.sql import load

_QUERIES: Final = load("layout.sql", package="shigotoba_backend.upkeep")

Wanted = Literal["auto", "native", "timescale", "citus"]
"""What ``layout`` in the settings may say."""

MONTHS_AHEAD: Final = 2


class Layout(enum.Enum):
    """Who partitions the readings."""

    NATIVE = "native"
    TIMESCALE = "timescale"


class LayoutError(Exception):
    """The layout asked for cannot be had; the message says why and what to do."""


@dataclass(frozen=True)
class Offer:
    """What the server says about TimescaleDB.

    Attributes:
        version: The one it would install or has installed; None if it has none.
        obstacle: Why it cannot be used; empty if it can.
    """

    version: str | None
    obstacle: str


def layout_of(conn: psycopg.Connection) -> Layout:
    """The layout in use."""
    row = conn.execute(_QUERIES["is_native"]).fetchone()
    return Layout.NATIVE if row is not None and row[0] else Layout.TIMESCALE


def offer_of(conn: psycopg.Connection) -> Offer:
    """Whether TimescaleDB can be used on this server."""
    version, preloaded, licence = conn.execute(_QUERIES["timescale_offer"]).fetchone() or (None, False, None)
    if version is None:
        return Offer(None, "the server has no TimescaleDB")
    if not preloaded:
        return Offer(version, "timescaledb is not in the server's shared_preload_libraries")
    if licence == "apache":
        return Offer(version, "this is TimescaleDB's Apache edition, which cannot compress")
    return Offer(version, "")


def chosen(wanted: Wanted, now: Layout, holds_readings: bool, offer: Offer) -> Layout:
    """The layout to have.

    Args:
        wanted: The setting.
        now: The layout in use.
        holds_readings: Whether there is anything in it.
        offer: What the server has.

    Raises:
        LayoutError: The setting demands what cannot be had, or what only a move can bring.
    """
    if wanted == "citus":
        raise LayoutError("layout 'citus' is not built: docs/decisions/0011 says why, and when it would be.")
    if wanted == "auto":
        return now if holds_readings or offer.obstacle else Layout.TIMESCALE
    target = Layout(wanted)
    if target is Layout.TIMESCALE and offer.obstacle:
        raise LayoutError(f"layout 'timescale' cannot be had: {offer.obstacle}. Set layout to 'auto' or mend that.")
    if target is not now and holds_readings:
        raise LayoutError(
            f"layout {wanted!r} is set, but the readings are in {now.value!r}. "
            f"Run `python -m shigotoba_backend storage move {wanted}`, or set layout to 'auto'."
        )
    return target


def holds_readings(conn: psycopg.Connection) -> bool:
    """Whether there is a single reading."""
    row = conn.execute(_QUERIES["holds_readings"]).fetchone()
    return row is not None and bool(row[0])


def make_months_ahead(conn: psycopg.Connection) -> None:
    """Makes the partitions of this month and the next ``MONTHS_AHEAD``; an extension makes its own in time."""
    conn.execute(_QUERIES["make_months_ahead"], {"months": MONTHS_AHEAD})
