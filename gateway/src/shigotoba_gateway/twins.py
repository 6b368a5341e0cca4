"""Two machines under one name: an old gateway that came back, or a copied card.

The platform listens to one of them, the first that spoke, and tells the other that it is turned away. That one rests,
asks again later and keeps its readings; it carries out no command and renews no certificate, for both would be done
twice. The one that is listened to is told of the other, and where the broker lets both in it hears it speak.

Responsible for knowing how we stand, and for saying so. Refuses to decide which of the two is the right one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from shigotoba_wire.downlink import decode_turned_away
from shigotoba_wire.errors import MessageError
from shigotoba_wire.health import Twin, decode_gateway_health

log = logging.getLogger(__name__)

NEWS_FOR_S: Final = 600.0
TURNED_AWAY_BEATS: Final = 3.0
"""The platform says it at each of our beats: after so many without a word it listens to us."""

LEAST_TURNED_AWAY_S: Final = 60.0
ASK_AGAIN_S: Final = 20.0
"""So long we leave the broker to the other one: a broker that knows one connection per name ends one for the other."""


class Twins:
    """What was heard under our name. Told by one thread, asked by others.

    Args:
        gateway: Our name.
        instance: Our process.
        now_s: Monotonic time.
        every_s: How often we speak.

    Attributes:
        on_turned_away: Called each time the platform says so.
    """

    def __init__(
        self, gateway: str, instance: str, now_s: Callable[[], float], every_s: Callable[[], float] = lambda: 10.0
    ) -> None:
        self._gateway = gateway
        self._instance = instance
        self._now_s = now_s
        self._every_s = every_s
        self._heard_s: float | None = None
        self._turned_away_s: float | None = None
        self.on_turned_away: Callable[[], None] = lambda: None

    def hear(self, payload: bytes) -> None:
        """A health was published under our name."""
        try:
            instance = decode_gateway_health(payload).instance
        except MessageError as error:
            log.warning("a health under our name was not understood: %s", error)
            return
        if instance != self._instance:
            self._note_other()

    def turn_away(self, payload: bytes) -> None:
        """The platform says to whom it does not listen."""
        try:
            told = decode_turned_away(payload)
        except MessageError as error:
            log.warning("a word of the platform was not understood: %s", error)
            return
        if told.instance == self._instance:
            if self._turned_away_s is None:
                log.error(
                    "the platform listens to another machine that speaks as %s; we keep our readings", self._gateway
                )
            self._turned_away_s = self._now_s()
            self.on_turned_away()
        else:
            self._note_other()

    def _note_other(self) -> None:
        if self._heard_s is None:
            log.error("another machine speaks to the platform as %s", self._gateway)
        self._heard_s = self._now_s()

    def standing(self) -> Twin:
        """Whether there is another, and to whom the platform listens."""
        patience_s = max(LEAST_TURNED_AWAY_S, TURNED_AWAY_BEATS * self._every_s())
        if self._within(self._turned_away_s, patience_s):
            return Twin.PREFERRED
        return Twin.HEARD if self._within(self._heard_s, NEWS_FOR_S) else Twin.NONE

    def turned_away(self) -> bool:
        """Whether the platform listens to another."""
        return self.standing() is Twin.PREFERRED

    def problems(self) -> list[str]:
        """What a person should look at, in words."""
        said = {
            Twin.NONE: [],
            Twin.HEARD: [f"Another machine speaks to the platform as {self._gateway}."],
            Twin.PREFERRED: [
                f"The platform listens to another machine that speaks as {self._gateway}, not to this one."
            ],
        }
        return [f"{text} Switch one off, or claim it anew." for text in said[self.standing()]]

    def _within(self, at_s: float | None, patience_s: float) -> bool:
        return at_s is not None and self._now_s() - at_s <= patience_s
