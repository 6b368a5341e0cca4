"""What is in quarantine, judged again after the cause was mended, and stored if it now passes.

A single reading keeps its sender, epoch and number. The ledger counted it when it went into quarantine, so it is
stored from its row, and the row goes in the same transaction: once, whatever happens in between. A message that was
refused whole was never counted; it takes the way of every message, through the ledger, so one that its sender has
meanwhile sent again adds nothing.

Responsible for the way back. Refuses to change what was sent, and to tell the sender (it has been told long ago).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec
import psycopg

from shigotoba_backend.ingest.catalogue import Catalogue
from shigotoba_backend.ingest.load import put_load
from shigotoba_backend.ingest.mail import open_mail, sites_named
from shigotoba_backend.ingest.pipeline import POISON, prepare, store
from shigotoba_backend.ingest.quarantine import Selection
from shigotoba_backend.store.sql import load
from shigotoba_wire.errors import Refusal
from shigotoba_wire.receipts import digest_of
from shigotoba_wire.topics import parse_up

_QUERIES: Final = load("quarantine.sql", package="shigotoba_backend.ingest")

MOST_AT_ONCE: Final = 500
"""Rows in one transaction."""


@dataclass
class Replayed:
    """What a replay did.

    Attributes:
        readings: Single readings that are stored now.
        messages: Messages that were taken now; readings in them that were not are in quarantine by themselves.
        refused: Rows that stay, by the reason found this time.
    """

    readings: int = 0
    messages: int = 0
    refused: Counter[str] = field(default_factory=Counter[str])


class Held(NamedTuple):
    """A row of the quarantine; ``epoch`` and ``seq`` are there for a single reading."""

    quarantine_id: int
    topic: str
    payload: bytes
    digest: str
    epoch: str | None
    seq: int | None


class Arrived(NamedTuple):
    """A message as the pipeline takes it."""

    topic: str
    payload: bytes


def replay(conn: psycopg.Connection, selection: Selection, now_ms: int, most: int = MOST_AT_ONCE) -> Replayed:
    """Stores what now passes, and returns the counts.

    Args:
        conn: In autocommit mode. Killed at any instant, each row is either stored and gone or still there.
        selection: Which rows.
        now_ms: UTC milliseconds.
        most: Rows in one transaction.
    """
    done = Replayed()
    catalogue = Catalogue(conn)
    (last,) = conn.execute(_QUERIES["last_id"]).fetchone() or (0,)
    after = 0
    while after < last:
        with conn.transaction():
            conn.execute(_QUERIES["take_turn"])
            held = _page(conn, selection, after, last, most)
            settled = _readings(conn, catalogue, [row for row in held if row.epoch is not None], now_ms, done)
            settled += _messages(conn, catalogue, [row for row in held if row.epoch is None], now_ms, done)
            conn.execute(_QUERIES["settle"], {"settled": settled})
        after = held[-1].quarantine_id if held else last
    return done


def _page(conn: psycopg.Connection, selection: Selection, after: int, last: int, most: int) -> list[Held]:
    bounds = {"after": after, "last": last, "most": most}
    return [Held(*row) for row in conn.execute(_QUERIES["page"], selection.columns | bounds)]


def _readings(
    conn: psycopg.Connection, catalogue: Catalogue, held: Sequence[Held], now_ms: int, done: Replayed
) -> list[int]:
    prepared = prepare(catalogue, [_as_sent(row) for row in held], now_ms)
    put_load(conn, prepared.load)
    doubtful = [exhibit.reason.value for judged in prepared.judged for _, exhibit in judged.exhibits]
    done.refused.update(doubtful)
    done.readings += len(held) - len(doubtful)
    return [row.quarantine_id for row, judged in zip(held, prepared.judged, strict=True) if not judged.exhibits]


def _as_sent(row: Held) -> Arrived:
    """The reading as a batch of one, with its own number."""
    channel, _ = parse_up(row.topic)
    (record,) = msgspec.json.decode(row.payload, type=list[dict[str, object]])
    head = {"bn": f"{channel.scope}/{channel.sender}/", "ep": row.epoch, "sq": row.seq}
    return Arrived(row.topic, msgspec.json.encode([record | head]))


def _messages(
    conn: psycopg.Connection, catalogue: Catalogue, held: Sequence[Held], now_ms: int, done: Replayed
) -> list[int]:
    reasons = {row.quarantine_id: _store_whole(conn, catalogue, row, now_ms) for row in held}
    settled = [key for key, reason in reasons.items() if reason is None]
    done.refused.update(reason.value for reason in reasons.values() if reason is not None)
    done.messages += len(settled)
    return settled


def _store_whole(conn: psycopg.Connection, catalogue: Catalogue, row: Held, now_ms: int) -> Refusal | None:
    """Stores the message, or says why not."""
    if digest_of(row.payload) != row.digest:
        return Refusal.TOO_LONG
    mail = open_mail([row], catalogue.sites(sites_named([row])), now_ms)
    if mail.refused:
        return mail.refused[0].reason
    try:
        with conn.transaction():
            store(conn, catalogue, [row], now_ms)
    except POISON:
        return Refusal.MALFORMED
    return None
