"""What could not be accepted, kept with its bytes and the reason until a person has looked at it.

The same bytes refused for the same reason again are counted, not stored again, so that a sender that repeats itself
fills nothing.

Responsible for keeping and listing. Refuses to judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

from shigotoba_backend.store.sql import load
from shigotoba_wire.errors import Refusal
from shigotoba_wire.receipts import digest_of
from shigotoba_wire.senml import MAX_PAYLOAD_BYTES

_QUERIES: Final = load("quarantine.sql", package="shigotoba_backend.ingest")

MAX_DETAIL: Final = 500
"""Characters of a detail that are kept: some quote what was sent."""


@dataclass(frozen=True)
class Exhibit:
    """Something to be quarantined.

    Attributes:
        gateway: Who sent it; empty if the topic does not tell.
        payload: The bytes of the message, or of the one reading. Only the first ``MAX_PAYLOAD_BYTES`` are kept: what
            is longer is refused for its length, whatever it says.
    """

    topic: str
    gateway: str
    reason: Refusal
    detail: str
    payload: bytes


@dataclass(frozen=True)
class Quarantined:
    """A row of the quarantine.

    Attributes:
        repeats: How often the same has come again since ``received_at``.
        size_bytes: Of what is kept.
    """

    quarantine_id: int
    received_at: datetime
    topic: str
    gateway: str
    reason: str
    detail: str
    size_bytes: int
    repeats: int


def put_exhibits(conn: psycopg.Connection, exhibits: Iterable[Exhibit]) -> None:
    """Keeps the exhibits, within the caller's transaction."""
    # One order for all workers, so that two that meet the same poison do not lock each other out.
    rows = sorted((_row(exhibit) for exhibit in exhibits), key=lambda row: (row["digest"], row["reason"]))
    if rows:
        with conn.cursor() as cursor:
            cursor.executemany(_QUERIES["put"], rows)


def newest(conn: psycopg.Connection, most: int) -> list[Quarantined]:
    """The last ``most`` rows, newest first."""
    return [Quarantined(*row) for row in conn.execute(_QUERIES["newest"], {"most": most})]


def _row(exhibit: Exhibit) -> dict[str, str | bytes]:
    return {
        "topic": _storable(exhibit.topic),
        "gateway": exhibit.gateway,
        "reason": exhibit.reason.value,
        "detail": _storable(exhibit.detail)[:MAX_DETAIL],
        "payload": exhibit.payload[:MAX_PAYLOAD_BYTES],
        "digest": digest_of(exhibit.payload),
    }


def _storable(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")
