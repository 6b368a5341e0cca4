"""What could not be accepted, kept with its bytes and the reason until a person has looked at it.

The same bytes refused for the same reason again are counted, not stored again, and of one device and of one gateway
only so much is kept for one reason; the rest is counted. So neither a sender that repeats itself nor one that always
says something new can fill the disk.

Responsible for keeping, listing and taking out. Refuses to judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, TypedDict

import psycopg

from shigotoba_backend.store.sql import load
from shigotoba_wire.errors import Refusal
from shigotoba_wire.pack import MAX_PAYLOAD_BYTES
from shigotoba_wire.receipts import digest_of

_QUERIES: Final = load("quarantine.sql", package="shigotoba_backend.ingest")

MAX_DETAIL: Final = 500
"""Characters of a detail that are kept: some quote what was sent."""


class Limits(NamedTuple):
    """What is kept at most for one reason.

    Attributes:
        per_device: Readings of one device; messages that are refused whole count as one device of their gateway.
        per_gateway: Readings and messages of one gateway.
        bytes_per_gateway: Their payloads.
    """

    per_device: int = 1_000
    per_gateway: int = 10_000
    bytes_per_gateway: int = 32 * 1024 * 1024


LIMITS: Final = Limits()


@dataclass(frozen=True)
class Origin:
    """Which reading it is, for a single one whose number the ledger has counted."""

    device: str
    epoch: str
    seq: int


@dataclass(frozen=True)
class Exhibit:
    """Something to be quarantined.

    Attributes:
        gateway: Who sent it; empty if the topic does not tell.
        payload: The bytes of the message, or of the one reading. Only the first ``MAX_PAYLOAD_BYTES`` are kept: what
            is longer is refused for its length, whatever it says.
        origin: None for a message that is refused whole.
    """

    topic: str
    gateway: str
    reason: Refusal
    detail: str
    payload: bytes
    origin: Origin | None = None


@dataclass(frozen=True)
class Selection:
    """Which rows of the quarantine are meant: those that agree with all that is not None.

    Attributes:
        before: Received earlier than this, aware.
    """

    ids: Sequence[int] | None = None
    reason: str | None = None
    gateway: str | None = None
    device: str | None = None
    before: datetime | None = None

    @property
    def columns(self) -> dict[str, object]:
        """As the statements take it."""
        ids = None if self.ids is None else list(self.ids)
        selected = {"reason": self.reason, "gateway": self.gateway, "device": self.device, "before": self.before}
        return {"ids": ids, **selected}


EVERYTHING: Final = Selection()


@dataclass(frozen=True)
class Quarantined:
    """A row of the quarantine.

    Attributes:
        repeats: How often the same has come again since ``received_at``.
        size_bytes: Of what is kept.
        device: Whose reading it is; empty for a message that was refused whole.
    """

    quarantine_id: int
    received_at: datetime
    topic: str
    gateway: str
    reason: str
    detail: str
    size_bytes: int
    repeats: int
    device: str


class Tally(NamedTuple):
    """What of one gateway and reason is not in the quarantine, or not any more."""

    gateway: str
    reason: str
    not_kept: int
    replayed: int
    discarded: int


def put_exhibits(conn: psycopg.Connection, exhibits: Iterable[Exhibit], limits: Limits = LIMITS) -> None:
    """Keeps the exhibits so far as there is room, and counts the others, within the caller's transaction."""
    # One order for all workers, so that two that meet the same poison do not lock each other out.
    rows = sorted((_row(exhibit) for exhibit in exhibits), key=lambda row: (row["digest"], row["reason"]))
    if not rows:
        return
    room = _Room(conn, rows, limits)
    kept = [row for row in rows if room.has_for(row)]
    with conn.cursor() as cursor:
        cursor.executemany(_QUERIES["put"], kept)
        cursor.executemany(_QUERIES["count_not_kept"], room.not_kept())


def newest(conn: psycopg.Connection, most: int, selection: Selection = EVERYTHING) -> list[Quarantined]:
    """The last ``most`` of the selected rows, newest first."""
    return [Quarantined(*row) for row in conn.execute(_QUERIES["newest"], selection.columns | {"most": most})]


def payload_of(conn: psycopg.Connection, quarantine_id: int) -> bytes | None:
    """The bytes of a row; None if there is no such row."""
    row = conn.execute(_QUERIES["payload"], {"quarantine_id": quarantine_id}).fetchone()
    return None if row is None else bytes(row[0])


def discard(conn: psycopg.Connection, selection: Selection) -> int:
    """Takes the selected rows out for good; how many there were."""
    row = conn.execute(_QUERIES["discard"], selection.columns).fetchone()
    return 0 if row is None else int(row[0])


def tallies(conn: psycopg.Connection) -> list[Tally]:
    """What was not kept, replayed or discarded, by gateway and reason."""
    return [Tally(*row) for row in conn.execute(_QUERIES["tallies"])]


class _Room:
    """How much of each kind may still be kept; what is in the quarantine already needs no room."""

    def __init__(self, conn: psycopg.Connection, rows: Sequence[_Columns], limits: Limits) -> None:
        self._limits = limits
        keys = {(row["digest"], row["reason"]) for row in rows}
        asked = {"digests": [digest for digest, _ in keys], "reasons": [reason for _, reason in keys]}
        self._known: set[tuple[object, ...]] = set(conn.execute(_QUERIES["known"], asked))
        of_devices = {(row["gateway"], row["reason"], row["device"]) for row in rows}
        gateways, reasons, devices = zip(*of_devices, strict=True)
        columns = {"gateways": list(gateways), "reasons": list(reasons), "devices": list(devices)}
        self._count: Counter[tuple[object, ...]] = Counter()
        self._bytes: Counter[tuple[object, ...]] = Counter()
        for *key, of_device, of_gateway, held_bytes in conn.execute(_QUERIES["held"], columns | limits._asdict()):
            self._count[tuple(key)] = of_device
            self._count[tuple(key[:2])] = of_gateway
            self._bytes[tuple(key[:2])] = held_bytes
        self._not_kept: Counter[tuple[str, str]] = Counter()

    def has_for(self, row: _Columns) -> bool:
        """Whether there is room for ``row``, which is then taken."""
        gateway = (row["gateway"], row["reason"])
        device = (*gateway, row["device"])
        if (row["digest"], row["reason"]) in self._known:
            return True
        if (
            self._count[device] >= self._limits.per_device
            or self._count[gateway] >= self._limits.per_gateway
            or self._bytes[gateway] + len(row["payload"]) > self._limits.bytes_per_gateway
        ):
            self._not_kept[gateway] += 1
            return False
        self._known.add((row["digest"], row["reason"]))
        self._count.update((device, gateway))
        self._bytes[gateway] += len(row["payload"])
        return True

    def not_kept(self) -> list[dict[str, object]]:
        """How many there was no room for, as rows, in one order for all workers."""
        return [{"gateway": key[0], "reason": key[1], "count": self._not_kept[key]} for key in sorted(self._not_kept)]


class _Columns(TypedDict):
    topic: str
    gateway: str
    reason: str
    detail: str
    payload: bytes
    digest: str
    device: str
    epoch: str | None
    seq: int | None


def _row(exhibit: Exhibit) -> _Columns:
    origin = exhibit.origin
    return {
        "topic": _storable(exhibit.topic),
        "gateway": exhibit.gateway,
        "reason": exhibit.reason.value,
        "detail": _storable(exhibit.detail)[:MAX_DETAIL],
        "payload": exhibit.payload[:MAX_PAYLOAD_BYTES],
        "digest": _digest(exhibit),
        "device": origin.device if origin else "",
        "epoch": origin.epoch if origin else None,
        "seq": origin.seq if origin else None,
    }


def _digest(exhibit: Exhibit) -> str:
    """Of the bytes; of a single reading with its number too, because two equal readings are two."""
    if exhibit.origin is None:
        return digest_of(exhibit.payload)
    number = f"{exhibit.topic} {exhibit.origin.epoch} {exhibit.origin.seq} "
    return digest_of(number.encode() + exhibit.payload)


def _storable(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")
