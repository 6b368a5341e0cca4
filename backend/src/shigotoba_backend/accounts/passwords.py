"""Passwords of local accounts: Argon2id, in the library's own choice of cost.

Responsible for hashing, checking and refusing what is too easy. Refuses to store.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 10
LONGEST: Final = 200
_HASHER: Final = PasswordHasher()


class PasswordError(ValueError):
    """The password will not do; the message says why."""


def hashed(password: str) -> str:
    """The hash of a new password.

    Raises:
        PasswordError: It is too short, too long, or one character again and again.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordError(f"The password has {len(password)} characters; it must have {SHORTEST} to {LONGEST}.")
    if len(set(password)) < 4:
        raise PasswordError("The password repeats the same few characters. Choose several words instead.")
    return _HASHER.hash(password)


def matches(hash_or_none: str | None, password: str) -> bool:
    """Whether the password is the one; it takes as long for an account that does not exist."""
    try:
        return _HASHER.verify(hash_or_none or _nobodys(), password[:LONGEST]) and hash_or_none is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(hash_in_use: str) -> bool:
    """Whether it was made at a lower cost than hashes are now."""
    return _HASHER.check_needs_rehash(hash_in_use)


@cache
def _nobodys() -> str:
    """Made when first asked for: every command of the backend would wait for it otherwise."""
    return _HASHER.hash("nobody has this password")
