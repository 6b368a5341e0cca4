"""What a device and the platform must agree on when an identity is claimed or renewed.

Responsible for how a token is read, what is proved with it, and what a renewal signs. Refuses certificates: those have
their own standards.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

RENEWAL_PREFIX: Final = b"shigotoba renewal v1\n"
"""Signed by the old key, followed by the new request in DER; so that the signature can be mistaken for nothing else."""

_AUTHORITY_PREFIX: Final = b"shigotoba authority v1\n"
_READ_AS: Final = str.maketrans("OIL", "011", " -\t")


def plain_token(typed: str) -> str:
    """What was meant by what was typed: capitals, no separators, no letters that look like digits."""
    return typed.strip().upper().translate(_READ_AS)


def token_digest(typed: str) -> bytes:
    """SHA-256 of the token; fast is enough, because 100 random bits are not in any dictionary."""
    return hashlib.sha256(plain_token(typed).encode()).digest()


def authority_proof(digest: bytes, authority_pem: bytes) -> str:
    """Proof, hexadecimal, that whoever knows the token vouches for the authority: HMAC-SHA-256 keyed by its digest."""
    return hmac.new(digest, _AUTHORITY_PREFIX + authority_pem, hashlib.sha256).hexdigest()
