"""A radio telegram, whichever protocol brought it.

Responsible for the shape. Refuses to say what a payload means (see ``profiles``).
"""

from __future__ import annotations

from typing import Final

import msgspec

RPS: Final = 0x0
"""Rockers: one byte."""

ONE_BYTE: Final = 0x1
"""1BS, contacts."""

FOUR_BYTES: Final = 0x2
"""4BS, sensors with measurements."""

LENGTHS: Final = {RPS: 1, ONE_BYTE: 1, FOUR_BYTES: 4}
"""Bytes of payload by kind."""


class Telegram(msgspec.Struct, frozen=True):
    """One radio telegram.

    Attributes:
        source: Its sender; the low 32 bits, which are the same for teach-in (48 bits in Japan) and data (32 bits).
        kind: ``RPS``, ``ONE_BYTE``, ``FOUR_BYTES`` or another number of ERP2's telegram types.
        payload: What the sender says.
        teach_in: Sent with a 48-bit source, as Japanese devices do to introduce themselves.
        repeated: How many repeaters it came through.
        status: The status byte of ERP1; None in ERP2, which has none.
    """

    source: int
    kind: int
    payload: bytes
    teach_in: bool = False
    repeated: int = 0
    status: int | None = None
