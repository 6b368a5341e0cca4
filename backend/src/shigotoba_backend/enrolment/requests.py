"""A certificate request (PKCS #10, RFC 2986) as it comes from a device, judged.

Responsible for: it is signed with its own key, the key is on P-256, and the name is the one expected. Whatever else the
request wishes for is ignored: the authority alone decides what a certificate says. Pure.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shigotoba_backend.enrolment.refusals import EnrolmentRefusedError


@dataclass(frozen=True)
class Requester:
    """Somebody who has proved to hold a private key.

    Attributes:
        name: The common name of the certificate to be.
        public_key: On P-256.
    """

    name: str
    public_key: ec.EllipticCurvePublicKey

    @property
    def key_digest(self) -> bytes:
        """SHA-256 of the public key (SubjectPublicKeyInfo)."""
        return digest_of_key(self.public_key)


def digest_of_key(public_key: ec.EllipticCurvePublicKey) -> bytes:
    """SHA-256 of ``public_key`` as SubjectPublicKeyInfo."""
    encoded = public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(encoded).digest()


def read_request(pem: str, gateway: str) -> Requester:
    """Who asks with ``pem`` to be known as ``gateway``.

    Raises:
        EnrolmentRefusedError: ``bad_request_file``.
    """
    request = _load(pem)
    names = [attribute.value for attribute in request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    if names != [gateway]:
        raise EnrolmentRefusedError("bad_request_file", detail=f"it names {names}, not {gateway}")
    public_key = request.public_key()
    if not isinstance(public_key, ec.EllipticCurvePublicKey) or not isinstance(public_key.curve, ec.SECP256R1):
        raise EnrolmentRefusedError("bad_request_file", detail="its key is not on the curve P-256")
    return Requester(gateway, public_key)


def request_der(pem: str) -> bytes:
    """The bytes of the request that a renewal signs.

    Raises:
        EnrolmentRefusedError: ``bad_request_file``.
    """
    return _load(pem).public_bytes(serialization.Encoding.DER)


def _load(pem: str) -> x509.CertificateSigningRequest:
    try:
        request = x509.load_pem_x509_csr(pem.encode())
        signed = request.is_signature_valid
    except (ValueError, TypeError, UnicodeEncodeError) as error:
        raise EnrolmentRefusedError("bad_request_file", detail="it is not a PEM certificate request") from error
    if not signed:
        raise EnrolmentRefusedError("bad_request_file", detail="it is not signed with its own key")
    return request
