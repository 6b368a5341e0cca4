"""The receiver in the gateway's USB port: every EnOcean device in the building is heard here.

Responsible for the port, which can be pulled out and put back, and for the telegrams of a press: down, and up a moment
later. Refuses commands from the host; what a driver writes to it is read and ignored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from shigotoba_sim.chance import chance_of
from shigotoba_sim.devices import enocean_device
from shigotoba_sim.faces.enocean import erp2, profiles
from shigotoba_sim.faces.pty import VirtualPort
from shigotoba_sim.plan.events import Rocker

HELD_S: Final = 0.15
"""How long a finger stays on a rocker."""


class EnOceanStick:
    """A USB400J at ``tty`` that receives the rockers ``sender_ids`` and whatever else is sent to it.

    What a device causes on the line is what ``through`` makes of its packets.
    """

    def __init__(
        self, tty: Path, sender_ids: Iterable[str], through: Callable[[str, bytes], bytes] = lambda _, packets: packets
    ) -> None:
        self._port = VirtualPort("enocean_tty", tty)
        self._through = through
        self._rssi_dbm = {sender_id: -chance_of("rocker", sender_id).randint(48, 82) for sender_id in sender_ids}
        self._held: dict[str, asyncio.TimerHandle] = {}

    def open(self) -> None:
        """Plug it in.

        Raises:
            SettingsError: The link cannot be where the settings want it.
        """
        self._port.open()

    def close(self) -> None:
        """Pull it out; rockers that are still held are not heard coming up."""
        for release in self._held.values():
            release.cancel()
        self._held.clear()
        self._port.close()

    @property
    def is_open(self) -> bool:
        """Whether it is plugged in."""
        return self._port.is_open

    def receive(self, device: str, packets: bytes) -> None:
        """Hand on what the antenna has heard of ``device``; nothing while it is pulled out."""
        received = self._through(device, packets)
        if received and self._port.is_open:
            self._port.write(received)

    def press(self, sender_id: str, button: Rocker) -> None:
        """Somebody pushes a rocker; it comes up after ``HELD_S``."""
        if sender_id in self._held:
            self._held[sender_id].cancel()
            self._release(sender_id)
        self._hear(sender_id, profiles.rocker(button))
        loop = asyncio.get_running_loop()
        self._held[sender_id] = loop.call_later(HELD_S, self._release, sender_id)

    def _release(self, sender_id: str) -> None:
        del self._held[sender_id]
        self._hear(sender_id, profiles.RELEASED)

    def _hear(self, sender_id: str, payload: bytes) -> None:
        said = erp2.telegram(erp2.RPS, sender_id, payload, self._rssi_dbm[sender_id])
        self.receive(enocean_device(sender_id), said)
