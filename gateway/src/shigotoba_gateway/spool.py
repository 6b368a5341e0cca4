"""The spool: an outbox, and beside it what has been taken from which agent, in one file and one transaction.

Responsible for taking each agent's reading once, however often it is delivered, and for what else must survive a
restart together with it. Refuses to talk to brokers and to decide what there is room for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import msgspec

from shigotoba_gateway.spans import Range, joined, unseen
from shigotoba_wire.errors import OutboxError
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.salvage import Salvage, open_or_salvage
from shigotoba_wire.stamping import carry_unstamped
from shigotoba_wire.statements import load_statements

_SQL: Final = load_statements("shigotoba_gateway", "spool.sql")
_TABLES: Final = ("make_intake", "make_kept", "make_booth_event", "make_order")
_CARRIED: Final = ("intake", "kept", "carried_out", "booth_event")


class Taken(msgspec.Struct, frozen=True):
    """What became of one batch of an agent.

    Attributes:
        fresh: Readings that were new and are now on disk.
        deferred: Readings that were not taken for want of room; the agent keeps the batch.
    """

    fresh: tuple[Reading, ...]
    deferred: tuple[Reading, ...]


class Spool:
    """The gateway's file. Safe to use from several threads.

    Attributes:
        outbox: What waits for the backend.
        salvage: What became of a damaged file at this start; None when it was sound.
        door: Where readings of the gateway's own go in; the outbox, or the stamper before it.
    """

    def __init__(self, outbox: Outbox, salvage: Salvage | None = None) -> None:
        self.outbox = outbox
        self.salvage = salvage
        self.door: Callable[[Sequence[Reading]], None] = outbox.append
        _make_tables(outbox)

    @classmethod
    def open(cls, path: Path, site: str, gateway: str, stamp: str = "damaged") -> Spool:
        """The spool in ``path``, checked, made if there is none; ``stamp`` ends the name of a damaged one.

        Raises:
            OutboxError: The file cannot be used as this gateway's spool.
        """
        try:
            return cls(*open_or_salvage(path, site, gateway, stamp, _carry))
        except sqlite3.Error as error:
            raise OutboxError(
                f"{path}: cannot be used as spool ({error}). Check disk and rights, or move it aside."
            ) from error

    def take_in(self, batches: Sequence[Batch], refusing: Collection[str] = ()) -> list[Taken]:
        """Keep what is new in the agents' batches; durable when this returns.

        Args:
            batches: As they came.
            refusing: Points that are not taken now.

        Returns:
            What became of each batch.
        """
        with self.transaction() as connection:
            taken = [_take(connection, batch, refusing) for batch in batches]
            self.outbox.append([reading for each in taken for reading in each.fresh])
        return taken

    def keep(self, readings: Sequence[Reading]) -> None:
        """Put readings of the gateway's own on disk; durable when this returns."""
        self.door(readings)

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """All or nothing for what is done inside, as in ``Outbox.transaction``."""
        return self.outbox.transaction()

    def kept(self, name: str) -> bytes | None:
        """What was kept under ``name``; None before the first."""
        with self.transaction() as connection:
            row = connection.execute(_SQL["kept"], {"name": name}).fetchone()
        return None if row is None else bytes(row[0])

    def put(self, name: str, payload: bytes) -> None:
        """Keep ``payload`` under ``name`` over restarts."""
        with self.transaction() as connection:
            connection.execute(_SQL["keep"], {"name": name, "payload": payload})

    def file_bytes(self) -> tuple[int, int]:
        """Bytes of the file, and how many of them can be used again."""
        with self.transaction() as connection:
            size, reusable = connection.execute(_SQL["pages"]).fetchone()
        return int(size), int(reusable)

    def close(self) -> None:
        """Close the file."""
        self.outbox.close()


def _make_tables(outbox: Outbox) -> None:
    with outbox.transaction() as connection:
        for statement in _TABLES:
            connection.execute(_SQL[statement])


def _take(connection: sqlite3.Connection, batch: Batch, refusing: Collection[str]) -> Taken:
    whole = (batch.first_seq, batch.first_seq + len(batch.readings))
    key = {"agent": batch.sender, "epoch": batch.epoch, "first_seq": whole[0], "end_seq": whole[1]}
    seen: list[Range] = connection.execute(_SQL["touching"], key).fetchall()
    news = unseen(seen, whole)
    taken = [span for part in news for span in _without(part, batch, refusing)] if refusing else news
    if taken:
        for span in taken:
            seen = joined(seen, span)
        connection.execute(_SQL["forget_touching"], key)
        for first_seq, end_seq in seen:
            connection.execute(_SQL["keep_span"], key | {"first_seq": first_seq, "end_seq": end_seq})
    deferred = [reading for reading in _readings(batch, news) if reading.point in refusing]
    return Taken(tuple(_readings(batch, taken)), tuple(deferred))


def _without(part: Range, batch: Batch, refusing: Collection[str]) -> Iterator[Range]:
    """The stretches of ``part`` whose readings are not refused."""
    first = part[0]
    for seq in range(*part):
        if batch.readings[seq - batch.first_seq].point in refusing:
            if first < seq:
                yield (first, seq)
            first = seq + 1
    if first < part[1]:
        yield (first, part[1])


def _readings(batch: Batch, spans: Sequence[Range]) -> Iterator[Reading]:
    for first, end in spans:
        yield from batch.readings[first - batch.first_seq : end - batch.first_seq]


def _carry(damaged: sqlite3.Connection, outbox: Outbox) -> int:
    """What else can be read of a damaged spool: above all what was taken from which agent; how many readings wait."""
    _make_tables(outbox)
    with outbox.transaction() as connection:
        for table in _CARRIED:
            for row in _readable(damaged, _SQL[f"{table}_of_a_damaged_file"]):
                connection.execute(_SQL[f"carry_{table}"], row)
    return carry_unstamped(damaged, outbox)


def _readable(damaged: sqlite3.Connection, statement: str) -> Iterator[tuple[object, ...]]:
    try:
        yield from damaged.execute(statement)
    except sqlite3.DatabaseError:
        return
