"""A claim: a new device says its invitation's token and asks for its certificate.

Step by step: not too many guesses from here; the request is sound; the invitation is open; then in one transaction the
certificates of the former device are revoked, the new one is issued and the invitation is used up. A device whose
answer was lost may ask again with the same key and is given the same certificate.

Responsible for these steps. Refuses to write the broker's files (see ``broker_files``): that comes after the commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.enrolment.authority import Authority
from shigotoba_backend.enrolment.refusals import EnrolmentRefusedError
from shigotoba_backend.enrolment.requests import Requester, read_request
from shigotoba_backend.enrolment.rows import (
    QUERIES,
    Invitation,
    certificate_for,
    keep_certificate,
    pem_of,
    revoke,
    site_of,
)
from shigotoba_backend.read.rows import rows_of
from shigotoba_wire.enrolment import authority_proof, token_digest

GUESSES: Final = 10
GUESSES_WITHIN: Final = timedelta(minutes=15)

GATEWAY: Final = Actor("gateway")


@dataclass(frozen=True)
class Claim:
    """What a device says.

    Attributes:
        gateway: The name it was given.
        token: As typed or scanned.
        request: Its certificate request in PEM.
        address: Where it calls from.
    """

    gateway: str
    token: str
    request: str
    address: str


@dataclass(frozen=True)
class Enrolled:
    """What it is told.

    Attributes:
        gateway: Its name.
        site: Code of its site.
        certificate: In PEM.
    """

    gateway: str
    site: str
    certificate: str


def vouch(conn: psycopg.Connection, authority: Authority, gateway: str, now: datetime) -> str:
    """Proof to the holder of the gateway's open invitation that ``authority`` is ours; empty where there is none."""
    row = conn.execute(QUERIES["newest_digest"], {"gateway": gateway, "now": now}).fetchone()
    return "" if row is None else authority_proof(row[0], authority.pem)


def claim(conn: psycopg.Connection, authority: Authority, said: Claim, life: timedelta, now: datetime) -> Enrolled:
    """Gives the device its certificate.

    Raises:
        EnrolmentRefusedError: It is refused; guesses are counted by address, and audited.
    """
    _check_guesses(conn, said.address, now)
    try:
        return _take(conn, authority, said, life, now)
    except EnrolmentRefusedError as refusal:
        _note_refusal(conn, said, refusal, now)
        raise


def _check_guesses(conn: psycopg.Connection, address: str, now: datetime) -> None:
    within_s = GUESSES_WITHIN.total_seconds()
    arguments = {"address": address, "now": now, "within_s": within_s}
    row = conn.execute(QUERIES["failures"], arguments).fetchone()
    if row is not None and row[0] >= GUESSES:
        raise EnrolmentRefusedError("too_many_attempts", minutes=round(within_s / 60))


def _take(conn: psycopg.Connection, authority: Authority, said: Claim, life: timedelta, now: datetime) -> Enrolled:
    requester = read_request(said.request, said.gateway)
    with conn.transaction():
        invitation = _invitation(conn, said)
        site = site_of(conn, said.gateway)
        known = certificate_for(conn, requester)
        if known is not None and invitation.key_digest == requester.key_digest:
            return Enrolled(said.gateway, site, known)
        _check_open(invitation, now)
        return Enrolled(said.gateway, site, _issue(conn, authority, (invitation, requester, site), life, now))


def _invitation(conn: psycopg.Connection, said: Claim) -> Invitation:
    found = rows_of(conn, Invitation, QUERIES["invitation"], {"digest": token_digest(said.token)})
    if not found or found[0].gateway != said.gateway:
        raise EnrolmentRefusedError("unknown_token")
    return found[0]


def _check_open(invitation: Invitation, now: datetime) -> None:
    if invitation.used_at is not None:
        raise EnrolmentRefusedError("used_token", at=_moment(invitation.used_at))
    if invitation.withdrawn_at is not None:
        raise EnrolmentRefusedError("withdrawn_token")
    if invitation.expires_at <= now:
        raise EnrolmentRefusedError("expired_token", at=_moment(invitation.expires_at))


def _issue(
    conn: psycopg.Connection,
    authority: Authority,
    asked: tuple[Invitation, Requester, str],
    life: timedelta,
    now: datetime,
) -> str:
    invitation, requester, site = asked
    replaced = revoke(conn, requester.name, "new_device", now)
    certificate = authority.issue_client(requester, life, now)
    keep_certificate(conn, certificate, requester, "claim")
    used = {"invitation_id": invitation.invitation_id, "now": now, "key_digest": requester.key_digest}
    conn.execute(QUERIES["use_invitation"], used)
    after = {"not_after": certificate.not_valid_after_utc.isoformat(), "revoked": replaced}
    record(conn, GATEWAY, Deed("gateway.claim", f"gateway:{requester.name}", site=site, after=after))
    return pem_of(certificate)


def _note_refusal(conn: psycopg.Connection, said: Claim, refusal: EnrolmentRefusedError, now: datetime) -> None:
    with conn.transaction():
        conn.execute(QUERIES["forget_failures"], {"now": now, "within_s": GUESSES_WITHIN.total_seconds()})
        conn.execute(QUERIES["note_failure"], {"address": said.address, "now": now})
        after = {"address": said.address, "code": refusal.code}
        record(conn, Actor("nobody"), Deed("gateway.claim_refused", f"gateway:{said.gateway[:64]}", after=after))


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
