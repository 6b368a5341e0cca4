"""Talking to the platform about our identity, over HTTPS.

The authority is fetched from a server that nobody vouches for yet; it is believed only with the proof that its sender
knows our token. Everything secret is said afterwards, to a server with a certificate of that authority or of one that
this system trusts.

The platform's reasons are asked for in English, as all troubles are told inside the gateway; whoever shows one says it
in the language of the person who reads it (``shigotoba_wire.spoken``).

Responsible for these requests and for errors in words. Refuses to keep anything.
"""

from __future__ import annotations

import base64
import ssl
from typing import Final, TypeVar

import httpx2
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shigotoba_gateway.identity.errors import IdentityError, RefusedError
from shigotoba_gateway.identity.invitations import Invitation
from shigotoba_gateway.identity.keeping import Identity
from shigotoba_wire.enrolment import RENEWAL_PREFIX
from shigotoba_wire.tls import in_words

TIMEOUT_S: Final = 20.0
IN_ENGLISH: Final = {"Accept-Language": "en"}

Answer = TypeVar("Answer", bound=msgspec.Struct)


class Authority(msgspec.Struct, frozen=True):
    """The authority's certificate, and the proof that the platform knows our token."""

    authority: str
    proof: str


class BrokerPlace(msgspec.Struct, frozen=True):
    """Where to report to."""

    host: str
    port: int


class Enrolled(msgspec.Struct, frozen=True):
    """Our certificate, and what we need to use it."""

    gateway: str
    site: str
    certificate: str
    authority: str
    broker: BrokerPlace


class Problem(msgspec.Struct, frozen=True):
    """Why the platform said no."""

    code: str = ""
    detail: str = ""


def trusted_authority(invitation: Invitation) -> str:
    """The platform's authority in PEM, proved by the invitation.

    Raises:
        IdentityError: The platform does not answer, or does not know the token.
    """
    unproved = ssl.create_default_context()
    unproved.check_hostname = False
    unproved.verify_mode = ssl.CERT_NONE
    url = f"{invitation.platform}/api/v1/enrolment/authority/{invitation.gateway}"
    answer = _ask("GET", url, unproved, None, Authority)
    if not invitation.vouches_for(answer.authority, answer.proof):
        raise RefusedError(
            "unknown_token",
            f"{invitation.platform} does not know this token for {invitation.gateway}. Check both, or ask for a new "
            "invitation; if both are right, somebody else answers in the platform's place.",
        )
    return answer.authority


def claim(invitation: Invitation, request: x509.CertificateSigningRequest, authority_pem: str) -> Enrolled:
    """The certificate for a new device.

    Raises:
        IdentityError: The platform refuses or does not answer.
    """
    said = {"gateway": invitation.gateway, "token": invitation.token, "request": _pem(request)}
    url = f"{invitation.platform}/api/v1/enrolment/claims"
    return _ask("POST", url, _trusting(authority_pem), said, Enrolled)


def renew(platform: str, identity: Identity, request: x509.CertificateSigningRequest, authority_pem: str) -> Enrolled:
    """The next certificate, for a new key, proved by the old one.

    Raises:
        IdentityError: The platform refuses or does not answer.
    """
    signed = RENEWAL_PREFIX + request.public_bytes(serialization.Encoding.DER)
    signature = identity.key.sign(signed, ec.ECDSA(hashes.SHA256()))
    said = {
        "certificate": identity.pem,
        "request": _pem(request),
        "signature": base64.b64encode(signature).decode(),
    }
    return _ask("POST", f"{platform}/api/v1/enrolment/renewals", _trusting(authority_pem), said, Enrolled)


def _pem(request: x509.CertificateSigningRequest) -> str:
    return request.public_bytes(serialization.Encoding.PEM).decode()


def _trusting(authority_pem: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(cadata=authority_pem)
    return context


def _ask(method: str, url: str, context: ssl.SSLContext, said: dict[str, str] | None, kind: type[Answer]) -> Answer:
    try:
        with httpx2.Client(verify=context, timeout=TIMEOUT_S, headers=IN_ENGLISH) as client:
            answer = client.request(method, url, json=said)
    except httpx2.HTTPError as error:
        raise IdentityError(
            f"{url} cannot be reached: {in_words(str(error))}. Check network, address and clock."
        ) from error
    if answer.status_code >= 400:
        raise _refused(answer.status_code, answer.content, url)
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except msgspec.MsgspecError as error:
        raise IdentityError(f"{url} does not answer like a platform ({error}). Check the address.") from error


def _refused(status: int, content: bytes, url: str) -> IdentityError:
    try:
        problem = msgspec.json.decode(content, type=Problem)
    except msgspec.MsgspecError:
        problem = Problem()
    return RefusedError(problem.code, problem.detail or f"{url} answers with status {status}.")
