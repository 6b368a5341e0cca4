"""An invitation as it reaches the device: one line from a QR code or a file, or three things typed.

Responsible for reading it. Pure. A token is never part of an error.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, urlsplit

from shigotoba_gateway.identity.errors import IdentityError

SCHEME: Final = "shigotoba:claim?"
_READ_AS: Final = str.maketrans("OIL", "011", " -\t")


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
        """SHA-256 of the token as it was meant, however it was typed."""
        return hashlib.sha256(self.token.strip().upper().translate(_READ_AS).encode()).digest()

    def vouches_for(self, authority_pem: str, proof: str) -> bool:
        """Whether whoever made ``proof`` knows the token, and means this authority."""
        message = b"shigotoba authority v1\n" + authority_pem.encode()
        return hmac.compare_digest(hmac.new(self.digest, message, hashlib.sha256).hexdigest().encode(), proof.encode())


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
