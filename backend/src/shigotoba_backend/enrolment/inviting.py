"""Inviting a gateway: a name is given to a site, and a token that one device may use once.

Responsible for names and invitations. Refuses to show a token twice: only its digest is kept.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.enrolment.refusals import EnrolmentRefusedError
from shigotoba_backend.enrolment.rows import QUERIES
from shigotoba_backend.enrolment.tokens import make_token
from shigotoba_wire.enrolment import token_digest
from shigotoba_wire.readings import is_name
from shigotoba_wire.topics import BUCKETS, LOCAL

SERVICES: Final = frozenset({"ingest", "api", "jobs", "history"})
"""Names of the platform's own parts at the broker; no gateway may bear one."""


@dataclass(frozen=True)
class Invitation:
    """An invitation as it is shown, once.

    Attributes:
        gateway: For whom.
        site: Code of its site.
        token: What the device says.
        expires_at: Until when.
    """

    gateway: str
    site: str
    token: str
    expires_at: datetime


@dataclass(frozen=True)
class Invite:
    """The wish to invite.

    Attributes:
        site: Code of the site.
        gateway: The name the gateway shall bear.
        life: How long the invitation can be used.
    """

    site: str
    gateway: str
    life: timedelta


def invite(conn: psycopg.Connection, wish: Invite, actor: Actor, now: datetime) -> Invitation:
    """Invites a gateway; an older invitation that was not used is withdrawn.

    Raises:
        EnrolmentRefusedError: ``bad_name``, ``unknown_site`` or ``other_site``.
    """
    _check_name(wish.gateway)
    made = Invitation(wish.gateway, wish.site, make_token(secrets.token_bytes), now + wish.life)
    with conn.transaction():
        _claim_name(conn, wish)
        conn.execute(QUERIES["withdraw_invitations"], {"gateway": wish.gateway, "now": now})
        conn.execute(
            QUERIES["keep_invitation"],
            {
                "gateway": wish.gateway,
                "digest": token_digest(made.token),
                "now": now,
                "made_by": actor.person_id,
                "expires_at": made.expires_at,
            },
        )
        after = {"expires_at": made.expires_at.isoformat()}
        record(conn, actor, Deed("gateway.invite", f"gateway:{wish.gateway}", site=wish.site, after=after))
    return made


def _check_name(gateway: str) -> None:
    if not is_name(gateway) or len(gateway) > 64:
        detail = "use up to 64 letters, digits and - : . _"
    elif gateway in SERVICES or gateway == LOCAL or gateway in BUCKETS:
        detail = "the platform itself uses this name"
    else:
        return
    raise EnrolmentRefusedError("bad_name", gateway=gateway, detail=detail)


def _claim_name(conn: psycopg.Connection, wish: Invite) -> None:
    arguments = {"gateway": wish.gateway, "site": wish.site}
    row = conn.execute(QUERIES["site_of_name"], arguments).fetchone()
    if row is None:
        raise EnrolmentRefusedError("unknown_site", site=wish.site)
    if row[0] != wish.site:
        raise EnrolmentRefusedError("other_site", gateway=wish.gateway, site=row[0])
