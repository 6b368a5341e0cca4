"""How a printer wants to be asked: a community (v1, v2c), a user with its keys (v3), or the one and then the other.

Keys and communities are read from files and never shown: not in a log line, not in a traceback.

Responsible for the settings and the order of tries. Refuses to weaken what was asked for: a user alone is never
followed by a community.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import msgspec

from shigotoba_wire.errors import SettingsError
from shigotoba_wire.settings import read_secret

SHORTEST_KEY: Final = 8
"""Characters a pass phrase needs, RFC 3414 section 11.2."""

Hash = Literal["sha1", "sha224", "sha256", "sha384", "sha512"]
Cipher = Literal["aes128", "aes192", "aes256"]


class UserSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An SNMPv3 user.

    Attributes:
        user: Its name.
        auth_file: File whose first line is the authentication pass phrase.
        auth: With which hash.
        privacy_file: File whose first line is the privacy pass phrase; without it nothing is encrypted.
        privacy: With which cipher.
    """

    user: str
    auth_file: Path
    auth: Hash = "sha256"
    privacy_file: Path | None = None
    privacy: Cipher = "aes128"


@dataclass(frozen=True)
class User:
    """An SNMPv3 user with its secrets."""

    name: str
    auth: Hash
    auth_key: str = field(repr=False)
    privacy: Cipher
    privacy_key: str | None = field(repr=False)


@dataclass(frozen=True)
class Access:
    """What opens a printer: a user, a community, or both."""

    user: User | None = None
    community: str | None = field(default=None, repr=False)


def read_access(community_file: Path | None, user: UserSettings | None) -> Access:
    """The secrets the settings point at; without any the community is ``public``.

    Raises:
        SettingsError: A file is missing or empty, or a pass phrase too short.
    """
    if user is None:
        return Access(community=read_secret(community_file) if community_file else "public")
    keys = User(
        name=user.user,
        auth=user.auth,
        auth_key=_pass_phrase(user.auth_file),
        privacy=user.privacy,
        privacy_key=_pass_phrase(user.privacy_file) if user.privacy_file else None,
    )
    return Access(keys, read_secret(community_file) if community_file else None)


def _pass_phrase(path: Path) -> str:
    phrase = read_secret(path)
    if len(phrase) < SHORTEST_KEY:
        raise SettingsError(f"{path}: {len(phrase)} characters; a pass phrase of SNMPv3 has {SHORTEST_KEY} or more.")
    return phrase
