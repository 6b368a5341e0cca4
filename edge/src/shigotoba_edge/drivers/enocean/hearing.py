"""From an ESP3 packet to a sighting: which protocol, which profile, what it says.

Responsible for one packet and for the table of devices. Refuses to read ports (see ``driver``).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from shigotoba_edge.drivers.enocean import erp1, erp2, profiles
from shigotoba_edge.drivers.enocean.esp3 import RADIO_ERP1, RADIO_ERP2, Packet
from shigotoba_edge.drivers.enocean.profiles import ProfileName
from shigotoba_edge.drivers.enocean.teach_in import introduction, named_profile
from shigotoba_edge.drivers.enocean.telegram import ONE_BYTE, RPS, Telegram
from shigotoba_edge.frames import FrameError
from shigotoba_edge.logbook import Sighting, sighting_of

log = logging.getLogger(__name__)

_UNLISTED: Final[dict[tuple[int, int], ProfileName]] = {
    (RADIO_ERP1, RPS): "F6-02-01",
    (RADIO_ERP2, RPS): "F6-02-04",
    (RADIO_ERP1, ONE_BYTE): "D5-00-01",
    (RADIO_ERP2, ONE_BYTE): "D5-00-01",
}
"""Rockers and contacts need not be listed: practically all have one profile."""

_ERP1_DBM_AT: Final = 5
_ERP2_DBM_AT: Final = 1


class Hearing:
    """What packets say, with the profiles of the devices by sender (8 hex digits)."""

    def __init__(self, listed: Mapping[str, ProfileName]) -> None:
        self._listed: dict[int, ProfileName] = {int(source, 16): profile for source, profile in listed.items()}
        self._introduced: dict[int, str] = {}

    def sighting(self, packet: Packet, at_ms: int) -> Sighting:
        """What one packet says.

        Raises:
            FrameError: It is no telegram, not one of ours, or from a sensor that is not listed.
        """
        telegram = _telegram(packet)
        profiles.check_length(telegram)
        device = f"enocean-{telegram.source:08x}"
        rssi_dbm = _rssi_dbm(packet)
        if profiles.teaches(telegram):
            profile = named_profile(telegram) or _UNLISTED.get((packet.kind, telegram.kind), "")
            return Sighting(device, at_ms, (), rssi_dbm, self._introduction(telegram), introduces=profile)
        profile = self._listed.get(telegram.source) or _UNLISTED.get((packet.kind, telegram.kind))
        if profile is None:
            raise FrameError("unlisted_device", f"{device} is not in `devices`")
        return sighting_of(device, at_ms, profiles.read(profile, telegram), rssi_dbm)

    def _introduction(self, telegram: Telegram) -> str:
        text = introduction(telegram, self._listed.get(telegram.source, ""))
        if self._introduced.get(telegram.source) != text:
            log.info("enocean-%08x %s", telegram.source, text)
            self._introduced[telegram.source] = text
        return text


def _telegram(packet: Packet) -> Telegram:
    if packet.kind == RADIO_ERP1:
        return erp1.decode(packet.data)
    if packet.kind == RADIO_ERP2:
        return erp2.decode(packet.data)
    raise FrameError(f"packet_type_{packet.kind:02x}", "not a radio telegram")


def _rssi_dbm(packet: Packet) -> int | None:
    """The best signal strength; the optional part holds it as minus dBm."""
    at = _ERP1_DBM_AT if packet.kind == RADIO_ERP1 else _ERP2_DBM_AT
    return -packet.optional[at] if len(packet.optional) > at else None
