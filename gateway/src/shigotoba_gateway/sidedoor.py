"""Readings that come in beside the agents, from sensors that nobody keeps anything for.

Responsible for taking them as the intake takes an agent's: decided upon in the transaction that keeps them, then told
to whoever listens. Refuses points that there is no room for, and counts them; when there is none at all it refuses the
lot, so that its caller holds it and tries again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from shigotoba_gateway.intake import Decider, Listen
from shigotoba_gateway.spool import Spool
from shigotoba_gateway.storeroom import Storeroom
from shigotoba_wire.errors import OutboxError
from shigotoba_wire.readings import Reading


class SideDoor:
    """The way in for readings that no agent numbered. Safe to use from any one thread.

    Attributes:
        listeners: Are told what has been kept.
    """

    def __init__(self, spool: Spool, storeroom: Storeroom, decider: Decider, listeners: Sequence[Listen]) -> None:
        self._spool = spool
        self._storeroom = storeroom
        self._decider = decider
        self.listeners = listeners

    def keep(self, readings: Sequence[Reading]) -> None:
        """Keep the readings; durable when this returns.

        Raises:
            OutboxError: There is no room.
            sqlite3.Error: The disk refuses.
        """
        if self._storeroom.full:
            raise OutboxError("the disk is full to its reserve. Make room.")
        taken = [reading for reading in readings if reading.point not in self._storeroom.refusing]
        if len(taken) < len(readings):
            self._storeroom.note_refused(reading for reading in readings if reading not in taken)
        try:
            with self._spool.transaction():
                self._spool.keep(taken)
                self._decider.decide(taken)
        except sqlite3.Error:
            self._decider.reload()
            raise
        for listen in self.listeners:
            listen(taken)
