"""What the database keeps of identities, as frozen values.

Responsible for reading and writing single facts by named statement, inside the caller's transaction. Refuses to decide
anything (see ``claims``, ``renewals``, ``revoking``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from shigotoba_backend.enrolment.authority import Revoked
from shigotoba_backend.enrolment.requests import Requester
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

QUERIES: Final = load("enrolment.sql", package="shigotoba_backend.enrolment")

Origin = Literal["claim", "renewal"]
Reason = Literal["withdrawn", "new_device", "renewed", "lost"]


@dataclass(frozen=True)
class Invitation:
    """An invitation as it is kept.

    Attributes:
        invitation_id: Its number.
        gateway: For whom.
        expires_at: Until when it can be used.
        used_at: When it was.
        withdrawn_at: When a newer one replaced it.
        key_digest: Of the public key that used it.
    """

    invitation_id: int
    gateway: str
    expires_at: datetime
    used_at: datetime | None
    withdrawn_at: datetime | None
    key_digest: bytes | None


@dataclass(frozen=True)
class Gateway:
    """A gateway's name and the newest of its certificates.

    Attributes:
        site: Code of its site.
        gateway: Its name.
        serial: Of the newest certificate, hexadecimal; None before the first.
        origin: How that came to be.
        not_after: Its end.
        revoked_at: When it was revoked.
        revocation: Why.
        invited_until: An invitation is open until then.
        heard_at: When the gateway last reported its health.
        twin_at: When another machine under its name was last turned away, within a day.
    """

    site: str
    gateway: str
    serial: str | None
    origin: str | None
    not_after: datetime | None
    revoked_at: datetime | None
    revocation: str | None
    invited_until: datetime | None
    heard_at: datetime | None
    twin_at: datetime | None = None


@dataclass(frozen=True)
class Issued:
    """A certificate as it was issued.

    Attributes:
        gateway: For whom.
        not_after: Its end.
        revoked_at: When it was revoked.
        certificate: In PEM.
    """

    gateway: str
    not_after: datetime
    revoked_at: datetime | None
    certificate: str


@dataclass(frozen=True)
class Admitted:
    """A gateway that the broker may let in."""

    site: str
    gateway: str


@dataclass(frozen=True)
class _RevokedRow:
    serial: str
    at: datetime


def gateways(conn: psycopg.Connection, now: datetime) -> list[Gateway]:
    """Every gateway that was ever invited."""
    return rows_of(conn, Gateway, QUERIES["gateways"], {"now": now})


def admitted(conn: psycopg.Connection, now: datetime) -> list[Admitted]:
    """Gateways with a certificate that is neither revoked nor expired."""
    return rows_of(conn, Admitted, QUERIES["admitted"], {"now": now})


def revoked(conn: psycopg.Connection, now: datetime) -> list[Revoked]:
    """What belongs on the revocation list; expired certificates need not stand there."""
    rows = rows_of(conn, _RevokedRow, QUERIES["revoked"], {"now": now})
    return [Revoked(int(row.serial, 16), row.at) for row in rows]


def site_of(conn: psycopg.Connection, gateway: str) -> str:
    """Code of the site that ``gateway`` belongs to; it must have been invited."""
    row = conn.execute(QUERIES["site_of_gateway"], {"gateway": gateway}).fetchone()
    assert row is not None, gateway
    return row[0]


def serial_of(certificate: x509.Certificate) -> str:
    """The serial number as it is kept."""
    return f"{certificate.serial_number:x}"


def pem_of(certificate: x509.Certificate) -> str:
    """The certificate in PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def keep_certificate(
    conn: psycopg.Connection, certificate: x509.Certificate, requester: Requester, origin: Origin
) -> None:
    """Remembers an issued certificate."""
    conn.execute(
        QUERIES["keep_certificate"],
        {
            "serial": serial_of(certificate),
            "gateway": requester.name,
            "origin": origin,
            "key_digest": requester.key_digest,
            "not_before": certificate.not_valid_before_utc,
            "not_after": certificate.not_valid_after_utc,
            "certificate": pem_of(certificate),
        },
    )


def certificate_for(conn: psycopg.Connection, requester: Requester) -> str | None:
    """The live certificate that this very key has already been given."""
    arguments = {"gateway": requester.name, "key_digest": requester.key_digest}
    row = conn.execute(QUERIES["certificate_of_key"], arguments).fetchone()
    return None if row is None else row[0]


def revoke(conn: psycopg.Connection, gateway: str, reason: Reason, now: datetime, but: Sequence[str] = ()) -> list[str]:
    """Revokes every live certificate of ``gateway`` but those named by serial; the serials revoked."""
    arguments = {"gateway": gateway, "reason": reason, "now": now, "but": list(but)}
    return [row[0] for row in conn.execute(QUERIES["revoke"], arguments)]
