"""Booth events on disk: numbered, kept until the backend has them.

Responsible for numbering, keeping and forgetting, in the spool's file. Refuses to decide and to send.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from shigotoba_gateway.spool import Spool
from shigotoba_wire.booths import BoothEvent
from shigotoba_wire.receipts import Span
from shigotoba_wire.statements import load_statements

_SQL: Final = load_statements("shigotoba_gateway.booths", "events.sql")

KEEP_MS: Final = 48 * 3600 * 1000
"""A receipted event is kept for so long, to be played on schedules that do not reflect it yet."""


class Entry(msgspec.Struct, frozen=True):
    """An event and the epoch that numbered it."""

    epoch: str
    event: BoothEvent

    @property
    def name(self) -> str:
        """Its name, which is also that of the hold a walk-in begins."""
        return f"{self.epoch}-{self.event.number}"


class Ledger:
    """The booth events of one gateway."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def next_number(self) -> int:
        """The number the next event gets."""
        with self._spool.transaction() as connection:
            (number,) = connection.execute(_SQL["next_number"], {"epoch": self._spool.outbox.epoch}).fetchone()
        return int(number)

    def keep(self, event: BoothEvent) -> Entry:
        """Put an event on disk, as part of the transaction under way if there is one."""
        entry = Entry(self._spool.outbox.epoch, event)
        row = {"epoch": entry.epoch, "number": event.number, "at_ms": event.at_ms}
        with self._spool.transaction() as connection:
            connection.execute(_SQL["keep"], row | {"payload": msgspec.json.encode(event)})
        return entry

    def all(self) -> list[Entry]:
        """Every event there is, by time."""
        return self._entries("all", {})

    def unreceipted(self, most: int) -> list[Entry]:
        """Events without receipt, by number."""
        return self._entries("unreceipted", {"most": most})

    def waiting(self) -> int:
        """How many events are without receipt."""
        with self._spool.transaction() as connection:
            return int(connection.execute(_SQL["count_unreceipted"]).fetchone()[0])

    def receipt(self, epoch: str, spans: Sequence[Span]) -> None:
        """Note what the backend has committed."""
        with self._spool.transaction() as connection:
            for span in spans:
                connection.execute(
                    _SQL["receipt"], {"epoch": epoch, "first": span.first, "end": span.first + span.count}
                )

    def forget(self, now_ms: int) -> None:
        """Forget what is receipted and old; never the newest number, so that none is given twice."""
        with self._spool.transaction() as connection:
            connection.execute(_SQL["forget"], {"before_ms": now_ms - KEEP_MS})

    def _entries(self, statement: str, bounds: dict[str, int]) -> list[Entry]:
        with self._spool.transaction() as connection:
            rows = connection.execute(_SQL[statement], bounds).fetchall()
        return [Entry(epoch, msgspec.json.decode(payload, type=BoothEvent)) for epoch, payload in rows]
