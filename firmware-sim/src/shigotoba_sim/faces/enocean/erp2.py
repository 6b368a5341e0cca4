"""ERP2 radio telegrams, as a receiver hands them to its host.

Source: EnOcean Radio Protocol 2, section 5 (ISO/IEC 14543-3-11); checked against captures of Japanese devices (edge
report, section 3.3), which introduce themselves with 48-bit sources and send data with 32-bit ones. Refuses to know
what a payload means (see ``profiles``).
"""

from __future__ import annotations

from typing import Final

from shigotoba_sim.faces.enocean.esp3 import RADIO_ERP2, crc8, packet

RPS: Final = 0x0
ONE_BYTE: Final = 0x1
FOUR_BYTES: Final = 0x2
_SOURCE_32_BIT: Final = 0b001 << 5
_SOURCE_48_BIT: Final = 0b011 << 5


def telegram(kind: int, sender_id: str, payload: bytes, rssi_dbm: int) -> bytes:
    """The ESP3 packet of a data telegram.

    Args:
        kind: ``RPS``, ``ONE_BYTE`` or ``FOUR_BYTES``.
        sender_id: Eight hexadecimal digits.
        payload: What the sender says.
        rssi_dbm: Strength at the receiver, -255 to 0.
    """
    return _packet(bytes((_SOURCE_32_BIT | kind,)) + bytes.fromhex(sender_id) + payload, rssi_dbm)


def learn_telegram(kind: int, sender_id: str, payload: bytes, rssi_dbm: int) -> bytes:
    """The ESP3 packet of a learn telegram: the same source in 48 bits, the upper sixteen nought."""
    return _packet(bytes((_SOURCE_48_BIT | kind, 0, 0)) + bytes.fromhex(sender_id) + payload, rssi_dbm)


def _packet(content: bytes, rssi_dbm: int) -> bytes:
    received_once_at = bytes((1, -rssi_dbm))
    return packet(RADIO_ERP2, content + bytes((crc8(content),)), received_once_at)
