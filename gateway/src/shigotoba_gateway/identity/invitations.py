"""An invitation as it reaches the device: one line from a QR code or a file, or three things typed.

Responsible for reading it. Pure. A token is never part of an error.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, urlsplit

from shigotoba_gateway.identity.errors import IdentityError
from shigotoba_wire.enrolment import authority_proof, token_digest

SCHEME: Final = "shigotoba:claim?"


@dataclass(frozen=True)
class Invitation:
    """What a device needs to claim a name.

    Attributes:
        platform: The platform's address, without a slash at its end.
        gateway: The name.
        token: The secret; it is not shown in a repr.
    """

    platform: str
    gateway: str
    token: str = field(repr=False)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the token, however it was typed."""
        return token_digest(self.token)

    def vouches_for(self, authority_pem: str, proof: str) -> bool:
        """Whether whoever made ``proof`` knows the token, and means this authority."""
        return hmac.compare_digest(authority_proof(self.digest, authority_pem.encode()).encode(), proof.encode())


def read_invitation(line: str) -> Invitation:
    """The invitation in ``line``, such as ``shigotoba:claim?platform=...&gateway=...&token=...``.

    Raises:
        IdentityError: It is none.
    """
    text = line.strip()
    said = parse_qs(text.removeprefix(SCHEME))
    if not text.startswith(SCHEME) or not {"platform", "gateway", "token"} <= said.keys():
        raise IdentityError(
            f"this is no invitation; it should begin with {SCHEME} and name platform, gateway and token"
        )
    return invitation(said["platform"][0], said["gateway"][0], said["token"][0])


def invitation(platform: str, gateway: str, token: str) -> Invitation:
    """An invitation from its three parts.

    Raises:
        IdentityError: One of them cannot be right.
    """
    address = platform.strip().rstrip("/")
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise IdentityError(f"{platform!r} is not the address of a platform, such as https://office.example.lg.jp")
    if not gateway.strip() or not token.strip():
        raise IdentityError("gateway and token are both needed; they stand on the invitation")
    return Invitation(address, gateway.strip(), token)
