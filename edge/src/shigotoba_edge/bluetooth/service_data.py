"""A driver for any protocol of service data, plain or sealed: what an advertisement means in the light of those before.

A protocol is a ``Dialect``: where its frames hold what, and what that says. Sealed frames are opened and taken once;
of a burst of frames with one packet id only the first becomes readings.

Responsible for that way. Refuses to know any dialect, and to scan (see ``radio``).
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from shigotoba_edge.bluetooth.advert import Advert
from shigotoba_edge.bluetooth.radio import Listener, radio_of
from shigotoba_edge.bluetooth.reception import Understood, ear
from shigotoba_edge.bluetooth.repeats import Repeats
from shigotoba_edge.bluetooth.sealed import Sealed
from shigotoba_edge.bluetooth.sealing import SealedSettings, Sealing
from shigotoba_edge.driver import Surroundings
from shigotoba_edge.logbook import Logbook, sighting_of
from shigotoba_wire.readings import Value


class Message(msgspec.Struct, frozen=True):
    """What one frame says.

    Attributes:
        packet_id: 0 to 255, advanced by the sender with each new message; None if it does not number them.
        values: (point, value) pairs.
        flaws: Why parts of the frame were left out, one word each.
    """

    packet_id: int | None
    values: tuple[tuple[str, Value], ...]
    flaws: tuple[str, ...]


class Dialect(msgspec.Struct, frozen=True):
    """A protocol of service data. Both functions may raise ``FrameError``.

    Attributes:
        uuid: Of the service data.
        take_apart: (service data, address of 6 bytes) to the sealed part, or to the plain payload.
        read: (service data, plain payload) to what they say.
    """

    uuid: str
    take_apart: Callable[[bytes, bytes], Sealed | bytes]
    read: Callable[[bytes, bytes], Message]

    def driver(self, settings: SealedSettings, surroundings: Surroundings) -> ServiceDataDriver:
        """A driver that listens to it; its keys are read now.

        Raises:
            SettingsError: The key file is wrong, or the adapter is named otherwise than by another driver.
        """
        return ServiceDataDriver(self, settings, surroundings)


class ServiceDataDriver:
    """Listens to sensors that speak a dialect."""

    def __init__(self, dialect: Dialect, settings: SealedSettings, surroundings: Surroundings) -> None:
        self._dialect = dialect
        self._settings = settings
        self._now_ms = surroundings.now_ms
        self._radio = radio_of(settings, surroundings.commons)
        self._sealing = Sealing(settings)
        self._repeats = Repeats()

    async def run(self, logbook: Logbook) -> None:
        """Listen until cancelled.

        Raises:
            DriverError: The scan cannot be started, or has gone deaf; or the counters cannot be read.
        """
        async with self._sealing.reporting_to(logbook) as report:
            hear = ear(self.understand, logbook, report)
            await self._radio.listen(Listener(hear, logbook.ready, self._settings))

    def understand(self, advert: Advert) -> Understood | None:
        """What is new in an advertisement; None if it is of another protocol or a sealed frame heard again.

        Raises:
            FrameError: It cannot be understood or must not be believed.
        """
        service_data = advert.service_data.get(self._dialect.uuid)
        if service_data is None:
            return None
        payload = self._payload(advert, service_data)
        if payload is None:
            return None
        message = self._dialect.read(service_data, payload)
        device, now_ms = advert.device, self._now_ms()
        if not self._repeats.is_new(device, message.packet_id, payload, now_ms):
            return Understood(sighting_of(device, now_ms, rssi_dbm=advert.rssi_dbm))
        return Understood(sighting_of(device, now_ms, message.values, advert.rssi_dbm), message.flaws)

    def _payload(self, advert: Advert, service_data: bytes) -> bytes | None:
        part = self._dialect.take_apart(service_data, advert.address_bytes)
        if isinstance(part, Sealed):
            return self._sealing.keyring.open(advert.device, part)
        self._sealing.keyring.admit_plain(advert.device)
        return part
