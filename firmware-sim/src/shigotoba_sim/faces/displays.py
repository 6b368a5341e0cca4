"""The displays beside the booths: they listen on the gateway's own broker and show what it says.

A display is given its whole state, retained, whenever that changes; it has no memory but the last one. What each showed
is kept beside the truth.

Responsible for listening and for what is shown. Refuses to send anything: a display can only read.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

import msgspec

from shigotoba_sim.truth.said import Said
from shigotoba_sim.truth.tables import Shown
from shigotoba_wire.booths import BoothDisplay, decode_display
from shigotoba_wire.errors import MessageError
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import display

LOOK_S: Final = 0.25
_MOST: Final = 200

log = logging.getLogger(__name__)


class Displays:
    """The displays of ``booths``.

    Attributes:
        showing: What each shows now, by booth; nothing before the gateway has said anything.
    """

    def __init__(self, broker: Broker, gateway: str, booths: list[str], said: Said, now_ms: Callable[[], int]) -> None:
        topics = [display(gateway, booth) for booth in booths]
        self._inbox = Inbox(broker, f"displays-{gateway}", topics)
        self._said = said
        self._now_ms = now_ms
        self.showing: dict[str, BoothDisplay] = {}

    async def run(self) -> None:
        """Show what comes until cancelled."""
        self._inbox.start()
        try:
            while True:
                self._take()
                await asyncio.sleep(LOOK_S)
        finally:
            await asyncio.to_thread(self._inbox.stop)

    def _take(self) -> None:
        deliveries = self._inbox.take(_MOST, 0.0)
        for delivery in deliveries:
            try:
                self._show(decode_display(delivery.payload))
            except MessageError as error:
                log.warning("%s: not a display's state: %s", delivery.topic, error)
        self._inbox.acknowledge(deliveries)

    def _show(self, state: BoothDisplay) -> None:
        before = self.showing.get(state.booth)
        self.showing[state.booth] = state
        if before is not None and msgspec.structs.replace(before, at_ms=state.at_ms) == state:
            return
        log.info("%s: its display shows %s", state.booth, state.state.value)
        answer = None if state.answer is None else state.answer.value
        self._said.add(
            Shown(
                self._now_ms(),
                state.booth,
                state.state.value,
                state.until_ms,
                state.next_ms,
                answer,
                state.somebody,
                state.stale,
            )
        )
