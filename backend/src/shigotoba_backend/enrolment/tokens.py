"""The token of an invitation: short enough to be typed on a ladder, long enough not to be guessed.

100 random bits in Crockford's base 32, in five groups of four, such as ``7K2Q-X9DM-0HVA-TR3E-5WBN``. Pure; how a token
is read is in ``shigotoba_wire.enrolment``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 20
_GROUP: Final = 4


def make_token(random_bytes: Callable[[int], bytes]) -> str:
    """A new token, in groups; ``random_bytes`` must be fit for secrets."""
    number = int.from_bytes(random_bytes(LENGTH * 5 // 8 + 1))
    symbols = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(symbols[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))
