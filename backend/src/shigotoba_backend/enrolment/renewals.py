"""A renewal: a gateway proves with the key it has that the key it will have is its own.

The proof is a signature over the new certificate request by the old key, so it works behind any proxy, and a recorded
one is of no use to anybody without the new key. The certificate that was shown stays good until its end; older ones
are revoked, so that a gateway has two at most. Asking twice with the same new key gives the same certificate.

Responsible for the judgement. Refuses to renew what has expired or been revoked: that takes a new invitation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from shigotoba_backend.accounts.audit import Deed, record
from shigotoba_backend.enrolment.authority import Authority
from shigotoba_backend.enrolment.claims import GATEWAY, Enrolled
from shigotoba_backend.enrolment.refusals import EnrolmentRefusedError
from shigotoba_backend.enrolment.requests import Requester, read_request, request_der
from shigotoba_backend.enrolment.rows import (
    QUERIES,
    Issued,
    certificate_for,
    keep_certificate,
    pem_of,
    revoke,
    serial_of,
    site_of,
)
from shigotoba_backend.read.rows import rows_of
from shigotoba_wire.enrolment import RENEWAL_PREFIX


@dataclass(frozen=True)
class Renewal:
    """What a gateway says.

    Attributes:
        certificate: The one it has, in PEM.
        request: The request for the next, in PEM, with a new key.
        signature: ECDSA with SHA-256, by the old key, over ``RENEWAL_PREFIX`` and the request in DER.
    """

    certificate: str
    request: str
    signature: bytes


def renew(conn: psycopg.Connection, authority: Authority, said: Renewal, life: timedelta, now: datetime) -> Enrolled:
    """Gives the gateway its next certificate.

    Raises:
        EnrolmentRefusedError: It is refused.
    """
    serial = serial_of(_shown(said.certificate))
    with conn.transaction():
        issued = _issued(conn, serial, now)
        requester = read_request(said.request, issued.gateway)
        _check_proof(issued.certificate, said)
        site = site_of(conn, issued.gateway)
        pem = certificate_for(conn, requester) or _issue(conn, authority, requester, (serial, site), life, now)
    return Enrolled(issued.gateway, site, pem)


def _shown(pem: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except (ValueError, UnicodeEncodeError) as error:
        raise EnrolmentRefusedError("unknown_certificate") from error


def _issued(conn: psycopg.Connection, serial: str, now: datetime) -> Issued:
    """Our own copy of the certificate: of the one that was shown only the serial number is believed."""
    found = rows_of(conn, Issued, QUERIES["certificate_of_serial"], {"serial": serial})
    if not found:
        raise EnrolmentRefusedError("unknown_certificate")
    issued = found[0]
    if issued.revoked_at is not None:
        raise EnrolmentRefusedError("revoked_certificate", at=issued.revoked_at.isoformat(timespec="minutes"))
    if issued.not_after <= now:
        raise EnrolmentRefusedError("expired_certificate", at=issued.not_after.isoformat(timespec="minutes"))
    return issued


def _check_proof(pem: str, said: Renewal) -> None:
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise EnrolmentRefusedError("wrong_proof")
    try:
        key.verify(said.signature, RENEWAL_PREFIX + request_der(said.request), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise EnrolmentRefusedError("wrong_proof") from error


def _issue(
    conn: psycopg.Connection,
    authority: Authority,
    requester: Requester,
    shown: tuple[str, str],
    life: timedelta,
    now: datetime,
) -> str:
    serial, site = shown
    certificate = authority.issue_client(requester, life, now)
    revoke(conn, requester.name, "renewed", now, but=[serial])
    keep_certificate(conn, certificate, requester, "renewal")
    after = {"not_after": certificate.not_valid_after_utc.isoformat()}
    record(conn, GATEWAY, Deed("gateway.renew", f"gateway:{requester.name}", site=site, after=after))
    return pem_of(certificate)
