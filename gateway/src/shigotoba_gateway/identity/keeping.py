"""The identity on disk: key and certificate of each generation in one directory, the one in force under ``current``.

``current`` is a link that is exchanged in one step, so a power cut never leaves a key without its certificate. A key
that has been made but not yet certified waits in ``pending.key``: if the platform's answer is lost, the same key asks
again. It is forgotten as the very last step, so that a power cut anywhere on the way leaves what the next try needs.

Responsible for these files and their rights. Refuses to talk to anybody.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shigotoba_gateway.identity.errors import IdentityError
from shigotoba_wire.files import give_to_owner_of, replace_file, sync_directory

KEY: Final = "key.pem"
CERTIFICATE: Final = "certificate.pem"
AUTHORITY: Final = "ca.pem"
CURRENT: Final = "current"
PENDING: Final = "pending.key"


@dataclass(frozen=True)
class Identity:
    """The certificate in force, read.

    Attributes:
        name: Its common name.
        begins: From when it is valid.
        ends: Until when.
        pem: Itself.
        serial: Its number, hexadecimal.
        key: Its private key.
    """

    name: str
    begins: datetime
    ends: datetime
    pem: str
    serial: str
    key: ec.EllipticCurvePrivateKey

    @property
    def renew_at(self) -> datetime:
        """When two thirds of its life are over."""
        return self.begins + (self.ends - self.begins) * 2 / 3


def read_identity(directory: Path) -> Identity:
    """The identity in force.

    Raises:
        IdentityError: There is none, or its files are damaged.
    """
    try:
        pem = (directory / CURRENT / CERTIFICATE).read_text(encoding="ascii")
        certificate = x509.load_pem_x509_certificate(pem.encode())
        key = _load_key(directory / CURRENT / KEY)
    except FileNotFoundError as error:
        raise IdentityError(f"{directory} holds no identity. Claim one with: shigotoba-gateway claim") from error
    except (OSError, ValueError) as error:
        raise IdentityError(f"{directory}: the identity cannot be read ({error}). Claim a new one.") from error
    name = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    return Identity(
        str(name),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        pem,
        f"{certificate.serial_number:x}",
        key,
    )


def pending_key(directory: Path) -> ec.EllipticCurvePrivateKey:
    """The key for the next certificate, made now if there is none; on disk when this returns."""
    make_private(directory)
    path = directory / PENDING
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        replace_file(path, private, 0o600)
    try:
        return _load_key(path)
    except ValueError as error:
        raise IdentityError(f"{path} is damaged ({error}). Delete it and try again.") from error


def request_for(key: ec.EllipticCurvePrivateKey, gateway: str) -> x509.CertificateSigningRequest:
    """A certificate request in the name of ``gateway``."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, gateway)])
    return x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())


def adopt(directory: Path, certificate_pem: str, authority_pem: str) -> Identity:
    """Puts the certificate for the pending key in force; ``tidy`` ends the change.

    Raises:
        IdentityError: It is not for that key, or not from that authority.
    """
    certificate = _checked(directory, certificate_pem, authority_pem)
    generation = directory / f"{certificate.serial_number:x}"
    make_private(generation)
    replace_file(generation / KEY, (directory / PENDING).read_bytes(), 0o600)
    replace_file(generation / CERTIFICATE, certificate_pem.encode(), 0o644)
    replace_file(directory / AUTHORITY, authority_pem.encode(), 0o644)
    _point(directory, generation.name)
    return read_identity(directory)


def tidy(directory: Path) -> None:
    """Forgets a pending key that is in force by now, every generation but that one, and files half written."""
    current, pending = directory / CURRENT, directory / PENDING
    if not current.exists():
        return
    if pending.exists() and pending.read_bytes() == (current / KEY).read_bytes():
        pending.unlink()
    in_force = current.readlink().name
    for old in directory.iterdir():
        if old.is_symlink() or old.name == in_force:
            continue
        if old.is_dir():
            shutil.rmtree(old)
        elif old.name.startswith("."):
            old.unlink()


def _checked(directory: Path, certificate_pem: str, authority_pem: str) -> x509.Certificate:
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(authority_pem.encode()))
    except Exception as error:  # cryptography names several, none in common
        raise IdentityError(f"the platform's certificate is not from its authority ({error})") from error
    if certificate.public_key() != _load_key(directory / PENDING).public_key():
        raise IdentityError("the platform's certificate is for another key than ours")
    return certificate


def _point(directory: Path, generation: str) -> None:
    link = directory / f".{CURRENT}"
    link.unlink(missing_ok=True)
    link.symlink_to(generation)
    link.replace(directory / CURRENT)
    sync_directory(directory)


def make_private(directory: Path) -> None:
    """The directory, for its owner alone; made by root it belongs to whom the one above belongs."""
    if not directory.exists():
        directory.mkdir(mode=0o700, parents=True)
        give_to_owner_of(directory.parent, directory)


def _load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    if path.stat().st_mode & 0o077:
        raise IdentityError(f"{path} can be read by others. Take it for known: claim a new identity.")
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise IdentityError(f"{path} is not a key on P-256. Claim a new identity.")
    return key
