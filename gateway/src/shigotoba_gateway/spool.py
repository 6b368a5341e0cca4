"""The spool: an outbox, and beside it what has been taken from which agent, in one file and one transaction.

Responsible for taking each agent's reading once, however often it is delivered. Refuses to talk to brokers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from shigotoba_gateway.spans import Range, joined, unseen
from shigotoba_wire.downlink import DesiredConfig, decode_config, encode_config
from shigotoba_wire.errors import OutboxError
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.statements import load_statements

_SQL: Final = load_statements("shigotoba_gateway", "spool.sql")


class Spool:
    """The gateway's file. Safe to use from several threads.

    Attributes:
        outbox: What waits for the backend.
    """

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        with outbox.transaction() as connection:
            connection.execute(_SQL["make_intake"])
            connection.execute(_SQL["make_desired"])

    @classmethod
    def open(cls, path: Path, site: str, gateway: str) -> Spool:
        """The spool in ``path``, made if there is none.

        Raises:
            OutboxError: The file cannot be used as this gateway's spool.
        """
        outbox = Outbox.open(path, site, gateway)
        try:
            return cls(outbox)
        except sqlite3.Error as error:
            raise OutboxError(
                f"{path}: cannot be used as spool ({error}). Check disk and rights, or move it aside."
            ) from error

    def take_in(self, batches: Sequence[Batch]) -> int:
        """Keep what is new in the agents' batches; durable when this returns.

        Returns:
            How many readings were new.
        """
        with self.outbox.transaction() as connection:
            fresh = [reading for batch in batches for reading in _fresh(connection, batch)]
            self.outbox.append(fresh)
        return len(fresh)

    def desired(self) -> DesiredConfig | None:
        """The configuration in force; None before the first."""
        with self.outbox.transaction() as connection:
            row = connection.execute(_SQL["desired"]).fetchone()
        return None if row is None else decode_config(row[0])

    def keep_desired(self, config: DesiredConfig) -> None:
        """Remember the configuration over restarts."""
        with self.outbox.transaction() as connection:
            connection.execute(_SQL["keep_desired"], {"config": encode_config(config)})

    def close(self) -> None:
        """Close the file."""
        self.outbox.close()


def _fresh(connection: sqlite3.Connection, batch: Batch) -> list[Reading]:
    key = {"agent": batch.sender, "epoch": batch.epoch}
    seen: list[Range] = connection.execute(_SQL["spans"], key).fetchall()
    whole = (batch.first_seq, batch.first_seq + len(batch.readings))
    parts = unseen(seen, whole)
    if parts:
        connection.execute(_SQL["forget_spans"], key)
        for first_seq, end_seq in joined(seen, whole):
            connection.execute(_SQL["keep_span"], key | {"first_seq": first_seq, "end_seq": end_seq})
    return [reading for first, end in parts for reading in batch.readings[first - whole[0] : end - whole[0]]]
