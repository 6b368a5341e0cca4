"""What payloads mean: EnOcean Equipment Profiles F6-02-04 (rocker) and D5-00-01 (contact).

Responsible for the bits. Refuses to guess: bits that the profile does not have are an error.
"""

from __future__ import annotations

from typing import Final

from shigotoba_edge.drivers.enocean.erp2 import TelegramError

_PRESSED: Final = 0x80
_SIDES: Final = {0x02: "AI", 0x01: "AO", 0x08: "BI", 0x04: "BO"}
"""Side of rocker by bit: RAI, RA0, RBI, RB0. Channel A first: a single wide rocker presses both channels."""

_CLOSED: Final = 0x01
_DATA: Final = 0x08


def rocker(payload: bytes) -> str:
    """The button of an F6-02-04 telegram: ``AI``, ``AO``, ``BI``, ``BO`` or ``released``.

    Bit 7 is the energy bow (1 pressed), bits 3 to 0 are RBI, RB0, RAI, RA0. A wide rocker over both channels sets two
    bits of the same side and counts as channel A.

    Raises:
        TelegramError: The bits do not fit, or both sides are pressed at once.
    """
    bits = _only_byte(payload)
    if bits == 0:
        return "released"
    sides = [name for bit, name in _SIDES.items() if bits & bit]
    if bits & 0xF0 != _PRESSED or not sides:
        raise TelegramError("unknown_payload", f"rocker {bits:02x}")
    if len({side[1] for side in sides}) > 1:
        raise TelegramError("both_sides_pressed", f"rocker {bits:02x}")
    return sides[0]


def contact(payload: bytes) -> bool | None:
    """Whether the contact of a D5-00-01 telegram is closed; None if its learn button was pressed.

    Raises:
        TelegramError: The payload is not one byte.
    """
    bits = _only_byte(payload)
    return bool(bits & _CLOSED) if bits & _DATA else None


def _only_byte(payload: bytes) -> int:
    if len(payload) != 1:
        raise TelegramError("unknown_payload", payload.hex())
    return payload[0]
