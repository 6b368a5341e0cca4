"""Two machines under one name: an old gateway that came back, or a copied card.

Each gateway hears every health that is published under its name. A health of another process that goes on after our own
start is a twin. Nothing is lost by it, for each spool numbers under its own epoch, but the schedule and the commands
are then carried out twice.

Responsible for noticing and saying so. Refuses to decide which of the two is the right one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from shigotoba_wire.errors import MessageError
from shigotoba_wire.health import decode_gateway_health

log = logging.getLogger(__name__)

NEWS_FOR_S: Final = 600.0


class Twins:
    """What was heard under our name. ``hear`` is called by one thread, ``problems`` by another.

    Args:
        gateway: Our name.
        instance: Our process.
        now_s: Monotonic time.
    """

    def __init__(self, gateway: str, instance: str, now_s: Callable[[], float]) -> None:
        self._gateway = gateway
        self._instance = instance
        self._now_s = now_s
        self._heard_s: float | None = None

    def hear(self, payload: bytes) -> None:
        """A health was published under our name."""
        try:
            instance = decode_gateway_health(payload).instance
        except MessageError as error:
            log.warning("a health under our name was not understood: %s", error)
            return
        if instance != self._instance:
            if self._heard_s is None:
                log.error("another machine speaks to the platform as %s", self._gateway)
            self._heard_s = self._now_s()

    def problems(self) -> list[str]:
        """What a person should look at, in words."""
        if self._heard_s is None or self._now_s() - self._heard_s > NEWS_FOR_S:
            return []
        return [f"Another machine speaks to the platform as {self._gateway}. Switch one off, or claim it anew."]
