"""Layouts: who cuts the readings table into pieces, and how the choice is made.

One schema, one set of queries: ``shigotoba.reading`` has the same columns whether PostgreSQL partitions it by month
(native), or TimescaleDB by week (timescale), or PostgreSQL by month and Citus by point over several machines (citus),
and everybody but this room ignores the difference.

A table that holds readings is never moved on the quiet: that is a command (see ``moving``).

Responsible for what the server offers, what is in use, and what to use. Refuses to move readings itself.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import psycopg

from shigotoba_backend.store.sql import load

_QUERIES: Final = load("layout.sql", package="shigotoba_backend.upkeep")

Wanted = Literal["auto", "native", "timescale", "citus"]
"""What ``layout`` in the settings may say."""

MONTHS_AHEAD: Final = 2
CITUS_FROM: Final = 18_00_00
"""PostgreSQL 18 hands Citus the arguments of functions in SQL (``store/migrations/0027``); no older one was tried."""


class Layout(enum.Enum):
    """Who partitions the readings."""

    NATIVE = "native"
    TIMESCALE = "timescale"
    CITUS = "citus"


class LayoutError(Exception):
    """The layout asked for cannot be had; the message says why and what to do."""


@dataclass(frozen=True)
class Offer:
    """What the server says about an extension.

    Attributes:
        version: The one it would install or has installed; None if it has none.
        obstacle: Why it cannot be used; empty if it can.
    """

    version: str | None
    obstacle: str


def layout_of(conn: psycopg.Connection) -> Layout:
    """The layout in use."""
    by_month, with_citus = conn.execute(_QUERIES["lies"]).fetchone() or (True, False)
    if not by_month:
        return Layout.TIMESCALE
    return Layout.CITUS if with_citus and _truth(conn, "is_distributed") else Layout.NATIVE


def offers_of(conn: psycopg.Connection) -> Mapping[Layout, Offer]:
    """Which extensions can be used on this server."""
    return {Layout.TIMESCALE: _timescale_offer(conn), Layout.CITUS: _citus_offer(conn)}


def _timescale_offer(conn: psycopg.Connection) -> Offer:
    version, preloaded, licence = conn.execute(_QUERIES["timescale_offer"]).fetchone() or (None, False, None)
    if version is None:
        return Offer(None, "the server has no TimescaleDB")
    if not preloaded:
        return Offer(version, "timescaledb is not in the server's shared_preload_libraries")
    if licence == "apache":
        return Offer(version, "this is TimescaleDB's Apache edition, which cannot compress")
    return Offer(version, "")


def _citus_offer(conn: psycopg.Connection) -> Offer:
    version, preloaded = conn.execute(_QUERIES["citus_offer"]).fetchone() or (None, False)
    if version is None:
        return Offer(None, "the server has no Citus")
    if not preloaded:
        return Offer(version, "citus is not in the server's shared_preload_libraries")
    if conn.info.server_version < CITUS_FROM:
        return Offer(version, "with Citus PostgreSQL 18 is needed, for no older one has been tried")
    return Offer(version, "")


def chosen(wanted: Wanted, now: Layout, holds_readings: bool, offers: Mapping[Layout, Offer]) -> Layout:
    """The layout to have.

    Args:
        wanted: The setting; ``auto`` prefers TimescaleDB, which compresses, to Citus.
        now: The layout in use.
        holds_readings: Whether there is anything in it.
        offers: What the server has.

    Raises:
        LayoutError: The setting demands what cannot be had, or what only a move can bring.
    """
    if wanted == "auto":
        offered = [layout for layout, offer in offers.items() if not offer.obstacle]
        return now if holds_readings or not offered else offered[0]
    target = Layout(wanted)
    if target is not now:
        check_offered(target, offers)
    if target is not now and holds_readings:
        raise LayoutError(
            f"layout {wanted!r} is set, but the readings are in {now.value!r}. "
            f"Run `python -m shigotoba_backend storage move {wanted}`, or set layout to 'auto'."
        )
    return target


def check_offered(target: Layout, offers: Mapping[Layout, Offer]) -> None:
    """Raises a LayoutError that says what is in the way of ``target``, if anything is."""
    if target in offers and offers[target].obstacle:
        raise LayoutError(
            f"layout {target.value!r} cannot be had: {offers[target].obstacle}. Set layout to 'auto' or mend that."
        )


def holds_readings(conn: psycopg.Connection) -> bool:
    """Whether there is a single reading."""
    return _truth(conn, "holds_readings")


def make_months_ahead(conn: psycopg.Connection, now: datetime) -> int:
    """Makes the partitions of this month and the next ``MONTHS_AHEAD``; an extension makes its own in time.

    Returns:
        How many there were not.
    """
    before = _pieces(conn)
    conn.execute(_QUERIES["make_months_ahead"], {"now": now, "months": MONTHS_AHEAD})
    return _pieces(conn) - before


def _pieces(conn: psycopg.Connection) -> int:
    (pieces,) = conn.execute(_QUERIES["pieces"]).fetchone() or (0,)
    return pieces


def _truth(conn: psycopg.Connection, query: str) -> bool:
    row = conn.execute(_QUERIES[query]).fetchone()
    return row is not None and bool(row[0])
