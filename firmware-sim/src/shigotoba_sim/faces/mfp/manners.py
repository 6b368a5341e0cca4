"""How an agent may be asked: by whom, in which version of SNMP, and whether it is awake.

Responsible for what can be told from a datagram before it is understood. Refuses to answer (see ``agent``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

V1: Final = 0
V2C: Final = 1
V3: Final = 3
ANY_VERSION: Final = frozenset((V1, V2C, V3))

_SEQUENCE: Final = 0x30
_INTEGER_OF_ONE_BYTE: Final = b"\x02\x01"
_LONG_LENGTH: Final = 0x80


class Login(msgspec.Struct, frozen=True):
    """An SNMPv3 user with authentication and privacy.

    Attributes:
        user: Its name.
        auth_password: For HMAC-192-SHA-256 (RFC 7860); eight characters or more.
        privacy_password: For AES-128 (RFC 3826).
    """

    user: str
    auth_password: str
    privacy_password: str

    def __repr__(self) -> str:
        return f"Login(user={self.user!r})"


class Engine(msgspec.Struct, frozen=True):
    """What SNMPv3 knows an agent by (RFC 3411, RFC 3414 section 2.3).

    Attributes:
        identity: 5 to 32 bytes, the same over restarts.
        boots: Grows with every restart.
    """

    identity: bytes
    boots: int


class Manners(msgspec.Struct, frozen=True):
    """The rules of one agent.

    Attributes:
        community: Whom versions 1 and 2c must name.
        versions: Which versions are answered, as messages number them.
        login: Whom version 3 must be; without one it is not answered.
        engine: Of version 3.
        awake: Whether it answers at all just now.
    """

    community: str = "public"
    versions: frozenset[int] = ANY_VERSION
    login: Login | None = None
    engine: Engine | None = None
    awake: Callable[[], bool] = lambda: True

    def admits(self, datagram: bytes) -> bool:
        """Whether ``datagram`` is looked at; what is not understood is, for the agent to say so."""
        version = version_of(datagram)
        return self.awake() and (version is None or version in self.versions)


def engine_id(enterprise: int, serial: str) -> bytes:
    """An engine's identity from its maker and serial (RFC 3411, SnmpEngineID, format 5: octets)."""
    return (1 << 31 | enterprise).to_bytes(4, "big") + b"\x05" + serial.encode()[:27]


def version_of(datagram: bytes) -> int | None:
    """The version an SNMP message states; None if ``datagram`` is none."""
    if len(datagram) < 2 or datagram[0] != _SEQUENCE:
        return None
    more = datagram[1] & ~_LONG_LENGTH if datagram[1] & _LONG_LENGTH else 0
    stated = datagram[2 + more : 5 + more]
    return stated[2] if len(stated) == 3 and stated[:2] == _INTEGER_OF_ONE_BYTE else None
