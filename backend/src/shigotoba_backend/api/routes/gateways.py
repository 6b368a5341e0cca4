"""Gateways: a device claims its name and renews its certificate; an administrator invites, looks and revokes.

The endpoints under ``/enrolment`` are for devices and know nobody: the token or the old key is the proof. Those under
``/sites/{site}/gateways`` need a role.

Responsible for HTTP. Refuses to judge (see ``enrolment``).
"""

from __future__ import annotations

import base64
import binascii
import logging
from datetime import datetime, timedelta
from typing import Annotated, Final

import psycopg
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Access, Db, Now, address_of, allowed, services_of
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import REASONS
from shigotoba_backend.enrolment.authority import Authority, AuthorityError, open_authority
from shigotoba_backend.enrolment.broker_files import refresh_broker
from shigotoba_backend.enrolment.claims import Claim, Enrolled, claim, vouch
from shigotoba_backend.enrolment.inviting import Invite, invite
from shigotoba_backend.enrolment.papers import invitation_line, qr_svg, state_of
from shigotoba_backend.enrolment.refusals import MEANINGS, EnrolmentRefusedError
from shigotoba_backend.enrolment.renewals import Renewal, renew
from shigotoba_backend.enrolment.revoking import revoke_gateway
from shigotoba_backend.enrolment.rows import Gateway, gateways
from shigotoba_backend.enrolment.settings import EnrolmentSettings

log = logging.getLogger(__name__)
router = APIRouter(tags=["gateways"])
REASONS.update(MEANINGS)

_STATUS: Final = {
    "too_many_attempts": 429,
    "unknown_site": 404,
    "no_certificate": 404,
    "other_site": 409,
    "bad_name": 422,
    "bad_request_file": 422,
}
"""What is not here is 403: the proof was not good."""


class ClaimSaid(BaseModel):
    """A device's claim."""

    gateway: Annotated[str, Field(max_length=64)]
    token: Annotated[str, Field(max_length=64)]
    request: Annotated[str, Field(max_length=8192)]


class RenewalSaid(BaseModel):
    """A gateway's wish for its next certificate; ``signature`` in base 64."""

    certificate: Annotated[str, Field(max_length=8192)]
    request: Annotated[str, Field(max_length=8192)]
    signature: Annotated[str, Field(max_length=512)]


class AuthorityShown(BaseModel):
    """The authority's certificate in PEM, and the proof by the gateway's open invitation, if there is one."""

    authority: str
    proof: str


class BrokerShown(BaseModel):
    """Where the gateway shall report to."""

    host: str
    port: int


class EnrolledShown(BaseModel):
    """What a gateway needs to speak."""

    gateway: str
    site: str
    certificate: str
    authority: str
    broker: BrokerShown


class GatewayShown(BaseModel):
    """A gateway as an administrator sees it."""

    gateway: str
    state: str
    certificate_until: datetime | None
    revocation: str | None
    invited_until: datetime | None
    heard_at: datetime | None


class InvitationShown(BaseModel):
    """An invitation, shown this once; ``qr`` is SVG of ``line``."""

    gateway: str
    token: str
    expires_at: datetime
    line: str
    qr: str


class RevocationSaid(BaseModel):
    """Why a gateway shall not speak any more."""

    lost: bool = False


def _enrolment(request: Request) -> EnrolmentSettings:
    settings = services_of(request).enrolment
    if settings is None:
        raise ProblemError(404, "no_enrolment")
    return settings


Enrolment = Annotated[EnrolmentSettings, Depends(_enrolment)]


def _authority(settings: Enrolment) -> Authority:
    try:
        return open_authority(settings.authority)
    except AuthorityError as error:
        log.exception("the authority cannot be used")
        raise ProblemError(503, "no_authority") from error


Signing = Annotated[Authority, Depends(_authority)]
Manager = Annotated[Access, Depends(allowed(Action.MANAGE_GATEWAYS))]


@router.get("/enrolment/authority/{gateway}")
def authority(gateway: str, conn: Db, now: Now, signing: Signing) -> AuthorityShown:
    """Whom a gateway shall trust."""
    return AuthorityShown(authority=signing.pem.decode(), proof=vouch(conn, signing, gateway, now))


@router.post("/enrolment/claims")
def claims(
    request: Request, said: ClaimSaid, conn: Db, now: Now, settings: Enrolment, signing: Signing
) -> EnrolledShown:
    """A new device takes its name."""
    heard = Claim(said.gateway, said.token, said.request, address_of(request))
    try:
        enrolled = claim(conn, signing, heard, timedelta(days=settings.gateway_days), now)
    except EnrolmentRefusedError as refusal:
        raise _problem(refusal) from refusal
    _tell_broker(conn, settings, now)
    return _shown(enrolled, signing, settings)


@router.post("/enrolment/renewals")
def renewals(said: RenewalSaid, conn: Db, now: Now, settings: Enrolment, signing: Signing) -> EnrolledShown:
    """A gateway's next certificate."""
    try:
        signature = base64.b64decode(said.signature, validate=True)
        heard = Renewal(said.certificate, said.request, signature)
        enrolled = renew(conn, signing, heard, timedelta(days=settings.gateway_days), now)
    except binascii.Error as error:
        raise _problem(EnrolmentRefusedError("wrong_proof")) from error
    except EnrolmentRefusedError as refusal:
        raise _problem(refusal) from refusal
    _tell_broker(conn, settings, now)
    return _shown(enrolled, signing, settings)


@router.get("/sites/{site}/gateways")
def listed(conn: Db, now: Now, access: Manager) -> list[GatewayShown]:
    """Every gateway of the site that was ever invited."""
    return [_gateway(each, now) for each in gateways(conn, now) if each.site == access.site]


@router.post("/sites/{site}/gateways/{gateway}/invitation", status_code=201)
def invitation(
    gateway: str, request: Request, conn: Db, now: Now, access: Manager, settings: Enrolment
) -> InvitationShown:
    """Invite a device to be this gateway; an open invitation is replaced."""
    wish = Invite(access.site, gateway, timedelta(hours=settings.invitation_hours))
    try:
        made = invite(conn, wish, access.actor, now)
    except EnrolmentRefusedError as refusal:
        raise _problem(refusal) from refusal
    line = invitation_line(made, services_of(request).settings.base)
    return InvitationShown(gateway=gateway, token=made.token, expires_at=made.expires_at, line=line, qr=qr_svg(line))


@router.post("/sites/{site}/gateways/{gateway}/revocation", status_code=204)
def revocation(gateway: str, said: RevocationSaid, conn: Db, now: Now, access: Manager, settings: Enrolment) -> None:
    """Take a gateway's certificates away."""
    if not any(each.gateway == gateway and each.site == access.site for each in gateways(conn, now)):
        raise ProblemError(404, "not_found")
    try:
        revoke_gateway(conn, gateway, "lost" if said.lost else "withdrawn", access.actor, now)
    except EnrolmentRefusedError as refusal:
        raise _problem(refusal) from refusal
    _tell_broker(conn, settings, now)


def _problem(refusal: EnrolmentRefusedError) -> ProblemError:
    return ProblemError(_STATUS.get(refusal.code, 403), refusal.code, refusal.facts)


def _tell_broker(conn: psycopg.Connection, settings: EnrolmentSettings, now: datetime) -> None:
    """What is decided is decided: a broker that cannot be told now is told by the next round of the job."""
    try:
        refresh_broker(conn, settings, now)
    except OSError:
        log.exception("the broker's files in %s cannot be written; the job will try again", settings.broker_files)


def _shown(enrolled: Enrolled, signing: Authority, settings: EnrolmentSettings) -> EnrolledShown:
    return EnrolledShown(
        gateway=enrolled.gateway,
        site=enrolled.site,
        certificate=enrolled.certificate,
        authority=signing.pem.decode(),
        broker=BrokerShown(host=settings.broker_host, port=settings.broker_port),
    )


def _gateway(gateway: Gateway, now: datetime) -> GatewayShown:
    return GatewayShown(
        gateway=gateway.gateway,
        state=state_of(gateway, now),
        certificate_until=gateway.not_after,
        revocation=gateway.revocation,
        invited_until=gateway.invited_until,
        heard_at=gateway.heard_at,
    )
