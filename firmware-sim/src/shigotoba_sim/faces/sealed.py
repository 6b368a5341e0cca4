"""BTHome version 2, encrypted: the objects of a plain message under AES-CCM.

Source: bthome.io, "Encryption": AES-128-CCM with a tag of four bytes and no associated data; nonce = address, UUID
0xFCD2 (low byte first), device information, counter. Responsible for the envelope; refuses to make the message
(see ``bthome``) and to remember the counter.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESCCM

ENCRYPTED: Final = 0x01
_UUID: Final = bytes.fromhex("D2FC")
_TAG_BYTES: Final = 4


def sealed(plain: bytes, address: str, key: bytes, counter: int) -> bytes:
    """The bytes after UUID 0xFCD2.

    Args:
        plain: A plain message, device information first.
        address: Of the sender, ``54:48:E6:8F:80:A5``.
        key: 16 bytes.
        counter: Greater than that of every message before, also of those before a change of batteries.

    Raises:
        OverflowError: The counter does not fit into 32 bits.
    """
    information = bytes((plain[0] | ENCRYPTED,))
    told = counter.to_bytes(4, "little")
    nonce = bytes.fromhex(address.replace(":", "")) + _UUID + information + told
    closed = AESCCM(key, tag_length=_TAG_BYTES).encrypt(nonce, plain[1:], None)
    return information + closed[:-_TAG_BYTES] + told + closed[-_TAG_BYTES:]
