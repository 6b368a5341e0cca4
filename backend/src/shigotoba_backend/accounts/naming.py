"""The name behind a number of the audit log, for those who may, with a reason and an entry of its own.

Responsible for one name at a time. Refuses lists: whoever reads the log reads numbers.
"""

from __future__ import annotations

import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.accounts.seeking import belongs, names_of
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import REASONS
from shigotoba_backend.texts import message

REASONS["reason_missing"] = message("Say why; the reason is kept in the audit log.")


def name_behind(conn: psycopg.Connection, person_id: int, site: str, reason: str, actor: Actor) -> str:
    """The name of a person of ``site``, or of no site.

    Raises:
        ProblemError: ``no_such_person``: nobody here has that number, or the name has been erased;
            ``reason_missing``: names are not looked up for nothing.
    """
    if not reason.strip():
        raise ProblemError(422, "reason_missing")
    with conn.transaction():
        found = names_of(conn, [person_id]) if belongs(conn, person_id, site) else {}
        deed = Deed("person.name", f"person:{person_id}", site, after={"found": bool(found)}, reason=reason.strip())
        record(conn, actor, deed)
    if person_id not in found:
        raise ProblemError(404, "no_such_person", {"person_id": person_id})
    return found[person_id]
