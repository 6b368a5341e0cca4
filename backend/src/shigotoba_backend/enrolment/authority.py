"""The platform's certificate authority: one self-signed P-256 certificate, one private key file.

It vouches for gateways (by common name) and for the platform's own servers. Its revocation list never runs out before
the authority itself: the broker reads it from a file beside it, and an outdated list would lock every gateway out.

Responsible for keys, certificates and the revocation list (RFC 5280). Refuses to know databases, sites and tokens.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shigotoba_backend.enrolment.requests import Requester
from shigotoba_wire.files import replace_file

AUTHORITY_YEARS: Final = 20
SERVER_DAYS: Final = 825
BACKDATED: Final = timedelta(hours=1)
"""A gateway's clock may be a little behind ours."""

CERTIFICATE: Final = "ca.pem"
KEY: Final = "ca.key"


class AuthorityError(Exception):
    """The authority cannot be made or used; the message says why and what to do."""


@dataclass(frozen=True)
class Revoked:
    """A line of the revocation list."""

    serial: int
    at: datetime


@dataclass(frozen=True)
class Authority:
    """The authority, ready to sign.

    Attributes:
        certificate: Its own.
        key: Its private key.
    """

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """Its certificate in PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of its certificate, as gateways compare it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    def issue_client(self, requester: Requester, life: timedelta, now: datetime) -> x509.Certificate:
        """A certificate with which ``requester`` proves to the broker who it is."""
        return self._issue(requester, ExtendedKeyUsageOID.CLIENT_AUTH, life, now, ())

    def issue_server(self, requester: Requester, addresses: Sequence[str], now: datetime) -> x509.Certificate:
        """A certificate with which a server of the platform proves that it answers at ``addresses``."""
        names = [_general_name(address) for address in addresses]
        life = timedelta(days=SERVER_DAYS)
        return self._issue(requester, ExtendedKeyUsageOID.SERVER_AUTH, life, now, names)

    def _issue(
        self,
        requester: Requester,
        usage: x509.ObjectIdentifier,
        life: timedelta,
        now: datetime,
        names: Sequence[x509.GeneralName],
    ) -> x509.Certificate:
        own = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        end = min(now + life, self.certificate.not_valid_after_utc)
        builder = (
            _builder(_name(requester.name), self.certificate.subject, requester.public_key, now, end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def revocation_list(self, revoked: Iterable[Revoked], now: datetime) -> bytes:
        """The list in PEM, valid as long as the authority."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now - BACKDATED)
            .next_update(self.certificate.not_valid_after_utc)
        )
        for line in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(line.serial).revocation_date(line.at).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def make_authority(directory: Path, name: str, now: datetime) -> Authority:
    """A new authority in ``directory``, its key readable to us alone.

    Raises:
        AuthorityError: There is one already; it is never replaced, because every gateway trusts it.
    """
    if (directory / KEY).exists() or (directory / CERTIFICATE).exists():
        raise AuthorityError(f"{directory} holds an authority already. Every gateway trusts it; it is not replaced.")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name)
    certificate = (
        _builder(subject, subject, key.public_key(), now, now + timedelta(days=365 * AUTHORITY_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    authority = Authority(certificate, key)
    replace_file(directory / KEY, private_pem(key), 0o600)
    replace_file(directory / CERTIFICATE, authority.pem, 0o644)
    return authority


def open_authority(directory: Path) -> Authority:
    """The authority in ``directory``.

    Raises:
        AuthorityError: There is none, its key is open to others, or the files do not belong together.
    """
    try:
        certificate = x509.load_pem_x509_certificate((directory / CERTIFICATE).read_bytes())
        key = serialization.load_pem_private_key((directory / KEY).read_bytes(), password=None)
    except FileNotFoundError as error:
        raise AuthorityError(f"{directory} holds no authority. Make it with: ca init") from error
    except (OSError, ValueError) as error:
        raise AuthorityError(f"{directory}: the authority cannot be read ({error}).") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise AuthorityError(f"{directory}: {KEY} is not the key of {CERTIFICATE}.")
    if (directory / KEY).stat().st_mode & 0o077:
        raise AuthorityError(f"{directory / KEY} can be read by others. Do: chmod 600 {directory / KEY}")
    return Authority(certificate, key)


def private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """``key`` in PEM, without a passphrase: a file's rights protect it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, now: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _general_name(address: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(address))
    except ValueError:
        return x509.DNSName(address)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
