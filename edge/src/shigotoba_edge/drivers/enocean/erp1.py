"""EnOcean Radio Protocol 1, as European sticks (868 MHz) hand it over in ESP3 packets of type 01.

Telegram: RORG, payload, source (4 bytes), status (research/edge.md section 3.4).

Responsible for taking a telegram apart. Refuses to say what a payload means (see ``profiles``).
"""

from __future__ import annotations

from typing import Final

from shigotoba_edge.drivers.enocean.telegram import FOUR_BYTES, ONE_BYTE, RPS, Telegram
from shigotoba_edge.frames import FrameError

_KINDS: Final = {0xF6: RPS, 0xD5: ONE_BYTE, 0xA5: FOUR_BYTES}
"""Kind by RORG."""

_TRAILER_BYTES: Final = 5
_REPEATS: Final = 0x0F


def decode(data: bytes) -> Telegram:
    """The telegram in ``data``, the data part of an ESP3 packet of type 01.

    Raises:
        FrameError: It is cut short, or of a kind that is not known.
    """
    if len(data) < 2 + _TRAILER_BYTES:
        raise FrameError("truncated", data.hex())
    kind = _KINDS.get(data[0])
    if kind is None:
        raise FrameError("unsupported_telegram", f"RORG {data[0]:02x}")
    payload, source, status = data[1:-_TRAILER_BYTES], data[-_TRAILER_BYTES:-1], data[-1]
    return Telegram(int.from_bytes(source, "big"), kind, payload, repeated=status & _REPEATS, status=status)
