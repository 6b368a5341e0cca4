"""The token of an invitation: short enough to be typed on a ladder, long enough not to be guessed.

100 random bits in Crockford's base 32, in five groups of four, such as ``7K2Q-X9DM-0HVA-TR3E-5WBN``. Letters that look
like digits are read as those. Only a digest is kept. The token vouches both ways: the platform proves with it that an
authority is its own, so that nobody has to type a fingerprint. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 20
_GROUP: Final = 4
_READ_AS: Final = str.maketrans("OIL", "011", " -\t")


def make_token(random_bytes: Callable[[int], bytes]) -> str:
    """A new token, in groups; ``random_bytes`` must be fit for secrets."""
    number = int.from_bytes(random_bytes(LENGTH * 5 // 8 + 1))
    symbols = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(symbols[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def plain(typed: str) -> str:
    """What was meant by what was typed: capitals, no separators, no look-alikes."""
    return typed.strip().upper().translate(_READ_AS)


def digest_of_token(typed: str) -> bytes:
    """SHA-256 of the token; fast is enough, because 100 random bits are not in any dictionary."""
    return hashlib.sha256(plain(typed).encode()).digest()


def authority_proof(token_digest: bytes, authority_pem: bytes) -> str:
    """Proof, hexadecimal, that whoever knows the token vouches for the authority: HMAC-SHA-256 keyed by the digest."""
    return hmac.new(token_digest, b"shigotoba authority v1\n" + authority_pem, hashlib.sha256).hexdigest()
