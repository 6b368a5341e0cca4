"""Who speaks for a gateway: one process at a time, the first that came; another machine under its name is turned away.

A copied memory card, or an old gateway that came back, shows the same name and the same certificate; the broker lets
both in. What tells them apart is the name of the process in its health and the epoch of its spool. The one that is
heard keeps the gateway until it falls silent or its certificate is revoked because somebody claimed the name anew.
The other's batches are put off, not refused: they stay in its spool and are taken when it has the gateway.

Responsible for that decision, inside the caller's transaction. Refuses to say which of the two is the right machine.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import psycopg

from shigotoba_backend.ingest.mail import DecisionNote, HealthNote, Parcel
from shigotoba_backend.store.sql import load
from shigotoba_wire.topics import Channel

log = logging.getLogger(__name__)

_QUERIES: Final = load("tenure.sql", package="shigotoba_backend.ingest")

PATIENCE_S: Final = 30.0
"""Whoever has been silent for so long, and for three of its own beats, has left the gateway to the next."""

Epoch = tuple[int, str, str]
"""Site id, gateway, epoch of a spool."""


@dataclass(frozen=True)
class Twin:
    """A process that is turned away.

    Attributes:
        channel: Where it, and the one that holds the gateway, can be told.
        instance: Its name.
        since: Since when the other holds the gateway.
    """

    channel: Channel
    instance: str
    since: datetime


@dataclass(frozen=True)
class Turned:
    """Who is not listened to now.

    Attributes:
        twins: Those that just spoke, and those of whom the one that just spoke should know.
        notes: What the former said.
        epochs: Their spools, and of those that spoke a while ago.
    """

    twins: tuple[Twin, ...] = ()
    notes: tuple[HealthNote, ...] = ()
    epochs: frozenset[Epoch] = frozenset()

    def health(self, note: HealthNote) -> bool:
        """Whether this is a word of a twin."""
        return any(each is note for each in self.notes)

    def parcel(self, parcel: Parcel) -> bool:
        """Whether these readings are a twin's."""
        return (parcel.site_id, parcel.batch.sender, parcel.batch.epoch) in self.epochs

    def decisions(self, note: DecisionNote) -> bool:
        """Whether these decisions are a twin's."""
        return (note.site_id, note.channel.sender, note.events.epoch) in self.epochs


def turn_away(conn: psycopg.Connection, notes: Sequence[HealthNote], now_ms: int) -> Turned:
    """Notes who speaks, in order of arrival; who is turned away at ``now_ms``, UTC milliseconds.

    A gateway too old to name its process is always listened to.
    """
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    seen = [(note, _look(conn, note, now)) for note in notes if note.health.instance]
    twins = tuple(twin for _, twin in seen if twin is not None)
    turned = tuple(note for note, twin in seen if twin is not None and twin.instance == note.health.instance)
    rows = conn.execute(_QUERIES["epochs_turned_away"], {"now": now, "patience_s": PATIENCE_S})
    return Turned(twins, turned, frozenset(rows.fetchall()))


def _look(conn: psycopg.Connection, note: HealthNote, now: datetime) -> Twin | None:
    """The twin that speaks, or of which the one that speaks should know."""
    health = note.health
    said = {
        "site_id": note.site_id,
        "gateway": health.gateway,
        "instance": health.instance,
        "epoch": health.epoch,
        "certificate": health.certificate,
        "every_s": health.every_s,
        "patience_s": PATIENCE_S,
        "now": now,
    }
    held = conn.execute(_QUERIES["hold"], said).fetchone()
    if held is None:
        (since,) = conn.execute(_QUERIES["note_twin"], said).fetchone() or (now,)
        return Twin(note.channel, health.instance, since)
    since, twin = held
    if since == now:
        log.info("%s: process %s speaks for it from now on", health.gateway, health.instance)
        conn.execute(_QUERIES["forget_twin"], said)
    return None if twin is None else Twin(note.channel, twin, since)
