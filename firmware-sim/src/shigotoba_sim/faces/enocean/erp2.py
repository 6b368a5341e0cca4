"""ERP2 radio telegrams, as a receiver hands them to its host.

Source: EnOcean Radio Protocol 2, section 5 (ISO/IEC 14543-3-11), and the profile F6-02-04 for rockers; checked against
captures of Japanese devices (edge report, section 3.3). Refuses teach-in and every profile but the rocker's.
"""

from __future__ import annotations

from typing import Final

from shigotoba_sim.faces.enocean.esp3 import RADIO_ERP2, crc8, packet
from shigotoba_sim.plan.events import Rocker

SOURCE_32_BIT_RPS: Final = 0x20
"""Header byte: 32-bit source, no destination (bits 7-5 = 001), telegram type RPS (bits 3-0 = 0)."""

ENERGY_BOW: Final = 0x80
_BITS: Final[dict[Rocker, int]] = {"AO": 0x01, "AI": 0x02, "BO": 0x04, "BI": 0x08}


def rocker_pressed(sender_id: str, button: Rocker, rssi_dbm: int) -> bytes:
    """The ESP3 packet of a rocker going down.

    Args:
        sender_id: Eight hexadecimal digits.
        button: Which of the four contacts.
        rssi_dbm: Strength at the receiver, -255 to 0.
    """
    return _rps(sender_id, ENERGY_BOW | _BITS[button], rssi_dbm)


def rocker_released(sender_id: str, rssi_dbm: int) -> bytes:
    """The ESP3 packet of a rocker coming up; it does not say which contact it was."""
    return _rps(sender_id, 0x00, rssi_dbm)


def _rps(sender_id: str, payload: int, rssi_dbm: int) -> bytes:
    telegram = bytes((SOURCE_32_BIT_RPS,)) + bytes.fromhex(sender_id) + bytes((payload,))
    received_once_at = bytes((1, -rssi_dbm))
    return packet(RADIO_ERP2, telegram + bytes((crc8(telegram),)), received_once_at)
