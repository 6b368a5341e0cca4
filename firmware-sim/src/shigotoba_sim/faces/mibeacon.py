"""Xiaomi's MiBeacon version 5: the pressure object of a Linptech seat pad.

Source: edge report, section 2, after the decoder of Home Assistant (xiaomi-ble): frame control, product, frame counter,
object under AES-CCM, upper counter bytes, tag. Responsible for one frame; refuses every other object.
"""

from __future__ import annotations

import struct
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESCCM

MIBEACON_UUID: Final = "0000fe95-0000-1000-8000-00805f9b34fb"
SEAT_PAD: Final = 0x3F4C
"""Product id of the pad PS1BB."""

PRESSURE_PRESENT: Final = 0x483C
_FRAME_CONTROL: Final = 0x5948
"""Version 5, standard authentication, bound, with an object, encrypted; no address inside."""

_ASSOCIATED_DATA: Final = b"\x11"
_TAG_BYTES: Final = 4


def pressure(present: bool, address: str, key: bytes, counter: int) -> bytes:
    """The bytes after UUID 0xFE95.

    Args:
        present: Somebody sits on the pad.
        address: Of the sender, ``54:48:E6:8F:80:A5``.
        key: 16 bytes.
        counter: 32 bits; the lowest eight are the frame counter, the others travel behind the object.

    Raises:
        OverflowError: The counter does not fit into 32 bits.
    """
    told = counter.to_bytes(4, "little")
    product_and_frame = struct.pack("<H", SEAT_PAD) + told[:1]
    nonce = bytes.fromhex(address.replace(":", ""))[::-1] + product_and_frame + told[1:]
    content = struct.pack("<HBB", PRESSURE_PRESENT, 1, present)
    closed = AESCCM(key, tag_length=_TAG_BYTES).encrypt(nonce, content, _ASSOCIATED_DATA)
    head = struct.pack("<H", _FRAME_CONTROL) + product_and_frame
    return head + closed[:-_TAG_BYTES] + told[1:] + closed[-_TAG_BYTES:]
