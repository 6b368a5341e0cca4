"""The durable outbox: readings are numbered and on disk before anybody may forget them.

A SQLite file in WAL mode with ``synchronous=FULL``: when ``append`` returns, a power cut loses nothing of it. Batches
are cut once, when they are appended, and sent again byte for byte until a receipt covers them; so a repeat is always
recognisable. A new file gets a new random epoch, so that a re-imaged device is never taken for old data. Batches saved
out of a damaged file (see ``salvage``) wait among the others under the epoch and numbers they were cut with.

Responsible for numbering, keeping and forgetting. Refuses to send (see ``courier``).
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
import threading
from collections.abc import Generator, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from shigotoba_wire.errors import OutboxError
from shigotoba_wire.readings import MAX_SEQUENCE, Batch, Reading
from shigotoba_wire.receipts import Receipt, Rejection, Span, digest_of
from shigotoba_wire.senml import encode_batch
from shigotoba_wire.statements import load_statements

BATCH_READINGS: Final = 1_000
"""More readings than this in one append become several batches (about 50 kB each)."""

_SQL: Final = load_statements("shigotoba_wire", "outbox.sql")


class Waiting(msgspec.Struct, frozen=True):
    """A batch without receipt: its first sequence number and its bytes.

    An adopted batch has no number of this epoch; a number below 1 stands for its place before all others.
    """

    first_seq: int
    payload: bytes


class Adopted(msgspec.Struct, frozen=True):
    """A batch that was cut by an earlier file, under that file's epoch."""

    epoch: str
    first_seq: int
    readings: int
    payload: bytes


class Outbox:
    """One sender's batches on disk. Safe to use from several threads.

    Attributes:
        epoch: Name of this file's numbering.
        changed: Set whenever there may be something to do for whoever sends.
        appended_bytes: Of payload since it was opened: how fast the file would grow without receipts.
    """

    def __init__(self, connection: sqlite3.Connection, scope: str, sender: str, epoch: str) -> None:
        self._connection = connection
        self._scope = scope
        self._sender = sender
        self._lock = threading.RLock()
        self._waiting = self._number("count_waiting")
        self._waiting_change = 0
        self.changed = threading.Event()
        self.appended_bytes = 0
        self.epoch = epoch

    @classmethod
    def open(cls, path: Path, scope: str, sender: str) -> Outbox:
        """The outbox in ``path``, made if there is none.

        Raises:
            OutboxError: The file cannot be opened, is not an outbox, or belongs to another sender.
        """
        try:
            connection = _connect(path)
            epoch = _claim(connection, f"{scope}/{sender}")
        except sqlite3.Error as error:
            raise OutboxError(
                f"{path}: cannot be used as outbox ({error}). Check disk and rights, or move it aside."
            ) from error
        if epoch is None:
            raise OutboxError(f"{path}: belongs to another sender than {scope}/{sender}. Name another file.")
        return cls(connection, scope, sender, epoch)

    @contextlib.contextmanager
    def transaction(self) -> Generator[sqlite3.Connection, None, None]:
        """All or nothing for what is done inside; nested uses join the outer one.

        Yields the connection, so that an owner may keep tables of its own in the same file.
        """
        with self._lock:
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._waiting_change = 0
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # A COMMIT that failed (full disk) leaves the transaction open: it is undone as well.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._waiting += self._waiting_change

    @property
    def next_seq(self) -> int:
        """The sequence number the next reading gets."""
        return self._number("next_seq")

    def append(self, readings: Sequence[Reading]) -> None:
        """Number the readings and put them on disk; durable when this returns."""
        if not readings:
            return
        with self.transaction() as connection:
            next_seq = self.next_seq
            for start in range(0, len(readings), BATCH_READINGS):
                part = tuple(readings[start : start + BATCH_READINGS])
                self._keep(connection, next_seq, part)
                next_seq += len(part)
            connection.execute(_SQL["advance"], {"next_seq": next_seq})
        self.changed.set()

    def _keep(self, connection: sqlite3.Connection, first_seq: int, readings: tuple[Reading, ...]) -> None:
        payload = encode_batch(Batch(self._scope, self._sender, self.epoch, first_seq, readings))
        row = {"first_seq": first_seq, "readings": len(readings), "digest": digest_of(payload), "payload": payload}
        connection.execute(_SQL["keep"], row)
        self._waiting_change += len(readings)
        self.appended_bytes += len(payload)

    def adopt(self, batches: Iterable[Adopted]) -> int:
        """Keep batches of an earlier file, oldest first, to be sent before all others; returns how many readings."""
        adopted = 0
        with self.transaction() as connection:
            for batch in batches:
                row = {"readings": batch.readings, "digest": digest_of(batch.payload), "payload": batch.payload}
                row |= {"epoch": batch.epoch, "first_seq": batch.first_seq}
                (row["place"],) = connection.execute(_SQL["next_place"]).fetchone()
                connection.execute(_SQL["keep_adopted"], row)
                connection.execute(_SQL["keep_place"], row)
                adopted += batch.readings
            self._waiting_change += adopted
        return adopted

    def waiting(self) -> int:
        """How many readings are without receipt."""
        with self._lock:
            return self._waiting

    def set_aside(self) -> int:
        """How many readings the receiver refused, or could not be read any more; they are kept for a person."""
        return self._number("count_set_aside")

    def oldest(self, most: int, after_seq: int = -MAX_SEQUENCE, below_seq: int = MAX_SEQUENCE) -> list[Waiting]:
        """Up to ``most`` waiting batches that begin above ``after_seq`` and below ``below_seq``, oldest first."""
        with self._lock:
            bounds = {"after_seq": after_seq, "below_seq": below_seq, "most": most}
            rows = self._connection.execute(_SQL["oldest"], bounds)
            return [Waiting(first_seq, payload) for first_seq, payload in rows]

    def payload_of(self, first_seq: int) -> bytes | None:
        """The bytes of a waiting batch; None if it waits no longer."""
        with self._lock:
            row = self._connection.execute(_SQL["payload_of"], {"first_seq": first_seq}).fetchone()
            return None if row is None else bytes(row[0])

    def settle(self, receipts: Sequence[Receipt]) -> set[int]:
        """Forget what the receipts say is stored, set aside what they refuse, durably.

        Returns:
            First sequence numbers of the batches that no longer wait.
        """
        settled: set[int] = set()
        with self.transaction() as connection:
            for receipt in receipts:
                settled |= self._settle_one(connection, receipt)
        return settled

    def _settle_one(self, connection: sqlite3.Connection, receipt: Receipt) -> set[int]:
        forget = _forget_span if receipt.epoch == self.epoch else partial(_forget_adopted, epoch=receipt.epoch)
        gone = [row for span in receipt.stored for row in forget(connection, span)]
        gone += [row for rejection in receipt.rejected for row in _put_aside(connection, rejection)]
        self._waiting_change -= sum(readings for _, readings in gone)
        return {first_seq for first_seq, _ in gone}

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _number(self, statement: str) -> int:
        with self._lock:
            (number,) = self._connection.execute(_SQL[statement]).fetchone()
            return int(number)


def _connect(path: Path) -> sqlite3.Connection:
    # Autocommit: transactions are begun and ended by Outbox.transaction alone.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    # A flash card is spared by small pages: a lone reading changes a handful of them, whatever their size. Half of what
    # pages of 4096 bytes cost, measured (docs/gateway.md). Only a new file takes the size.
    connection.execute("PRAGMA page_size = 1024")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _claim(connection: sqlite3.Connection, owner: str) -> str | None:
    for statement in ("make_identity", "make_waiting", "make_set_aside", "make_adopted"):
        connection.execute(_SQL[statement])
    connection.execute(_SQL["claim"], {"owner": owner, "epoch": secrets.token_hex(8)})
    row = connection.execute(_SQL["epoch_of"], {"owner": owner}).fetchone()
    return None if row is None else str(row[0])


Gone = list[tuple[int, int]]
"""First sequence number (or place) and readings of batches that no longer wait."""


def _forget_span(connection: sqlite3.Connection, span: Span) -> Gone:
    bounds = {"first_seq": span.first, "end_seq": span.first + span.count}
    return connection.execute(_SQL["forget_span"], bounds).fetchall()


def _forget_adopted(connection: sqlite3.Connection, span: Span, epoch: str) -> Gone:
    bounds = {"epoch": epoch, "first_seq": span.first, "end_seq": span.first + span.count}
    places = connection.execute(_SQL["forget_adopted"], bounds).fetchall()
    return [row for (place,) in places for row in connection.execute(_SQL["forget_place"], {"place": place})]


def _put_aside(connection: sqlite3.Connection, rejection: Rejection) -> Gone:
    reason = f"{rejection.reason}: {rejection.detail}"
    connection.execute(_SQL["copy_aside"], {"reason": reason, "digest": rejection.digest})
    return connection.execute(_SQL["forget_digest"], {"digest": rejection.digest}).fetchall()
