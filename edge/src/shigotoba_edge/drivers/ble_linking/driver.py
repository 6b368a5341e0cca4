"""The driver: hands Linking beacons on.

A beacon has no packet id and a device sends its services in turns, so each service is a sender of its own: the same
bits within ``WINDOW_MS`` are one message. The counts in human detection and opening make two events two messages.

Responsible for what one beacon means in the light of those before it. Refuses to scan (see ``bluetooth.radio``).
"""

from __future__ import annotations

from typing import Final

from shigotoba_edge.bluetooth.advert import Advert
from shigotoba_edge.bluetooth.radio import Listener, RadioSettings, radio_of
from shigotoba_edge.bluetooth.reception import Understood, ear
from shigotoba_edge.bluetooth.repeats import Repeats
from shigotoba_edge.driver import Surroundings
from shigotoba_edge.drivers.ble_linking import linking
from shigotoba_edge.drivers.ble_linking.linking import Item
from shigotoba_edge.logbook import Logbook, sighting_of

WINDOW_MS: Final = 30_000
"""An unchanged state becomes a reading this often: a sign of life for whoever judges by keep-alive."""

BUTTON: Final = 5
BUTTON_WINDOW_MS: Final = 3_000
"""A press has no count and is repeated for a moment: the same press later than this is another one."""


class Settings(RadioSettings, frozen=True, kw_only=True):
    """A Bluetooth adapter to listen with."""


class BleLinking:
    """Listens to Linking sensors."""

    def __init__(self, settings: Settings, surroundings: Surroundings) -> None:
        self._settings = settings
        self._now_ms = surroundings.now_ms
        self._radio = radio_of(settings, surroundings.commons)
        self._states = Repeats(WINDOW_MS)
        self._presses = Repeats(BUTTON_WINDOW_MS)

    async def run(self, logbook: Logbook) -> None:
        """Listen until cancelled.

        Raises:
            DriverError: The scan cannot be started, or has gone deaf.
        """
        hear = ear(self.understand, logbook, logbook.sighted)
        await self._radio.listen(Listener(hear, logbook.ready, self._settings))

    def understand(self, advert: Advert) -> Understood | None:
        """What is new in an advertisement.

        Raises:
            FrameError: Its Linking data cannot be understood.
        """
        data = advert.manufacturer_data.get(linking.COMPANY)
        if data is None:
            return None
        beacon, now_ms = linking.decode(data), self._now_ms()
        new = [item for item in beacon.items if item.says is not None and self._is_new(advert.device, item, now_ms)]
        values = tuple(item.says for item in new if item.says is not None)
        return Understood(sighting_of(advert.device, now_ms, values, advert.rssi_dbm), beacon.flaws)

    def _is_new(self, device: str, item: Item, now_ms: int) -> bool:
        repeats = self._presses if item.service == BUTTON else self._states
        return repeats.is_new(f"{device}/{item.service}", None, item.bits.to_bytes(2, "big"), now_ms)
