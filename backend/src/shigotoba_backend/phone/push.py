"""Where messages to phones go (W3C Push API), and the key that says that they are ours (VAPID, RFC 8292).

Responsible for keeping both. Refuses to send (see ``jobs.push``), so that the process ``api`` needs nothing for it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import psycopg
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from shigotoba_backend.store.sql import load

_QUERIES: Final = load("push.sql", package="shigotoba_backend.phone")


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a phone can be reached.

    Attributes:
        endpoint: Address at the push service.
        p256dh: The phone's public key.
        auth: The secret it shares with us.
    """

    endpoint: str
    p256dh: str
    auth: str


def make_key(path: Path) -> None:
    """Writes a new private key (P-256, PEM) that only its owner can read; never over one that is there."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(pem)


def public_key(path: Path) -> str:
    """The public half of the key in ``path`` as browsers want it: uncompressed point, base64url."""
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} holds no P-256 key. Make one with `push-key`.")
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def subscribe(conn: psycopg.Connection, person_id: int, subscription: Subscription, now: datetime) -> None:
    """Keeps the address; a phone that changes hands is the new person's."""
    fields: dict[str, object] = {
        "endpoint": subscription.endpoint,
        "p256dh": subscription.p256dh,
        "auth": subscription.auth,
        "person_id": person_id,
        "now": now,
    }
    conn.execute(_QUERIES["subscribe"], fields)


def subscriptions(conn: psycopg.Connection, person_id: int) -> list[tuple[Subscription, str, str]]:
    """The phones of an active person, each with the person's language and time zone."""
    rows = conn.execute(_QUERIES["of"], {"person_id": person_id})
    return [(Subscription(endpoint, p256dh, auth), language, zone) for endpoint, p256dh, auth, language, zone in rows]


def forget(conn: psycopg.Connection, endpoint: str) -> None:
    """Deletes an address that is gone."""
    conn.execute(_QUERIES["forget"], {"endpoint": endpoint})
