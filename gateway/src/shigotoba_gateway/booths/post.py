"""What the booths have to say: displays on the local broker, events upstream until they are receipted.

Responsible for publishing in time and again after a loss. Refuses to decide anything.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Final

import msgspec

from shigotoba_gateway.booths.desk import Desk
from shigotoba_wire.booths import MAX_EVENTS, BoothDisplay, BoothEvent, BoothEvents, encode_booths
from shigotoba_wire.errors import MessageError
from shigotoba_wire.receipts import decode_receipt
from shigotoba_wire.topics import display

log = logging.getLogger(__name__)

SAY_AGAIN_S: Final = 5.0
"""An event without receipt is said again after this long."""

SHOW_AGAIN_S: Final = 60.0
"""Every display is published again after this long: a broker that was started anew has forgotten them."""

Retain = Callable[[str, bytes], bool]
Tell = Callable[[bytes], bool]


class Post:
    """Publishes for one desk. ``tick`` is called about once a second, by one thread."""

    def __init__(self, desk: Desk, gateway: str, retain: Retain, tell: Tell) -> None:
        self._desk = desk
        self._gateway = gateway
        self._retain = retain
        self._tell = tell
        self._shown: dict[str, BoothDisplay] = {}
        self._shown_all_s = float("-inf")
        self._said_upto: dict[str, int] = {}
        self._said_s = float("-inf")

    def tick(self, now_s: float) -> None:
        """Publish what has changed or is due; ``now_s`` is monotonic."""
        if now_s - self._shown_all_s >= SHOW_AGAIN_S:
            self._shown.clear()
            self._shown_all_s = now_s
        for shown in self._desk.displays():
            self._show(shown)
        self._say(now_s)

    def take_receipt(self, payload: bytes) -> None:
        """Note which events the backend has."""
        try:
            receipt = decode_receipt(payload)
        except MessageError as error:
            log.warning("a receipt for booth events was not understood: %s", error)
            return
        self._desk.ledger.receipt(receipt.epoch, receipt.stored)

    def forget_shown(self) -> None:
        """The local broker was away: it may have forgotten what it was given."""
        self._shown.clear()

    def _show(self, shown: BoothDisplay) -> None:
        undated = msgspec.structs.replace(shown, at_ms=0)
        if self._shown.get(shown.booth) != undated and self._retain(
            display(self._gateway, shown.booth), encode_booths(shown)
        ):
            self._shown[shown.booth] = undated

    def _say(self, now_s: float) -> None:
        by_epoch: dict[str, list[BoothEvent]] = defaultdict(list)
        for entry in self._desk.ledger.unreceipted(MAX_EVENTS):
            by_epoch[entry.epoch].append(entry.event)
        newest = {epoch: events[-1].number for epoch, events in by_epoch.items()}
        if newest == self._said_upto and now_s - self._said_s < SAY_AGAIN_S:
            return
        for epoch, events in by_epoch.items():
            self._tell(encode_booths(BoothEvents(self._gateway, epoch, tuple(events))))
        self._said_upto, self._said_s = newest, now_s
