"""AES-128-CCM, which opens sealed frames.

Apart from ``sealed`` because the library behind it costs a tenth of the agent's start, and most sensors speak plainly.

Responsible for one cipher per key. Refuses to judge counters (see ``sealed``).
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM


class Cipher:
    """Opens what is sealed with one key, with so many bytes of MIC."""

    def __init__(self, key: bytes, mic_bytes: int) -> None:
        self._ccm = AESCCM(key, tag_length=mic_bytes)

    def open(self, nonce: bytes, ciphertext: bytes, associated: bytes | None) -> bytes | None:
        """What is in it; None if the key does not open it."""
        try:
            return self._ccm.decrypt(nonce, ciphertext, associated)
        except (InvalidTag, ValueError):
            return None
