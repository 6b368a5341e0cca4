"""Taking a gateway's right to speak away.

Responsible for the decision in the database. Refuses to talk to the broker (see ``broker_files``).
"""

from __future__ import annotations

from datetime import datetime

import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.enrolment.refusals import EnrolmentRefusedError
from shigotoba_backend.enrolment.rows import Reason, revoke


def revoke_gateway(conn: psycopg.Connection, gateway: str, reason: Reason, actor: Actor, now: datetime) -> list[str]:
    """Revokes every live certificate of ``gateway``; their serials.

    Raises:
        EnrolmentRefusedError: ``no_certificate``.
    """
    with conn.transaction():
        serials = revoke(conn, gateway, reason, now)
        if not serials:
            raise EnrolmentRefusedError("no_certificate", gateway=gateway)
        after = {"serials": serials, "why": reason}
        record(conn, actor, Deed("gateway.revoke", f"gateway:{gateway}", after=after))
    return serials
