"""Which seats and printers serve one section, from which day on; a free-address seat serves none.

Figures of a section are those of its places, month by month as it was on the month's last day. The day may be past: an
office says what has long been so. What was said of later days is not overwritten. Responsible for these rows and their
entries in the audit log. Refuses to hide what becomes too small (see ``indicators.cells``) and to ask who may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.arranging.refusals import refuse
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("serving.sql", package="shigotoba_backend.arranging")
_ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class Serving:
    """A seat or a printer's place.

    Attributes:
        code: Its identity.
        name: For people.
        floor: Code of its floor.
        kind: ``seat`` or ``equipment``.
        section: Code of the section it serves; None for all.
        first: Since which day; None for always, and where it serves none.
    """

    code: str
    name: str
    floor: str
    kind: str
    section: str | None
    first: date | None


def servings(conn: psycopg.Connection, site: str, on: date) -> list[Serving]:
    """Every seat and printer's place of a site with the section it serves on that day, lowest floor first."""
    return rows_of(conn, Serving, _QUERIES["kept"], {"site": site, "on": on})


def serve(
    conn: psycopg.Connection, site: str, codes: Sequence[str], section: str | None, first: date, actor: Actor
) -> list[str]:
    """Lets places serve a section, or none, from a day on.

    Args:
        conn: A connection.
        site: Code of the site.
        codes: Of the places; ``3f-s*`` stands for all whose code begins so.
        section: Code of the section; None for all sections.
        first: From which day on, past or not.
        actor: Who does it.

    Returns:
        The codes of the places that did not already.

    Raises:
        ProblemError: ``no_such_section``, ``no_such_space``, ``serves_later``.
    """
    known = [each.code for each in servings(conn, site, first)]
    with conn.transaction():
        section_id = None if section is None else _section(conn, site, section)
        chosen = dict.fromkeys(code for text in codes for code in _meant(text, known))
        return [code for code in chosen if _serve_one(conn, (site, code), (section, section_id), first, actor)]


def _meant(text: str, known: Sequence[str]) -> list[str]:
    found = [code for code in known if code == text or (text.endswith(_ANY) and code.startswith(text[:-1]))]
    if not found:
        raise refuse("no_such_space", place=text)
    return found


def _section(conn: psycopg.Connection, site: str, section: str) -> int:
    row = conn.execute(_QUERIES["section_id"], {"site": site, "section": section}).fetchone()
    if row is None:
        raise refuse("no_such_section", section=section)
    return int(row[0])


def _serve_one(
    conn: psycopg.Connection, place: tuple[str, str], wanted: tuple[str | None, int | None], first: date, actor: Actor
) -> bool:
    site, code = place
    section, section_id = wanted
    row = conn.execute(_QUERIES["space_for_change"], {"site": site, "space": code}).fetchone()
    if row is None:
        raise refuse("no_such_space", place=code)
    asked = {"space_id": row[0], "section_id": section_id, "first": first}
    later = conn.execute(_QUERIES["later"], asked).fetchone()
    if later is not None:
        raise refuse("serves_later", place=code, first=f"{later[0]:%Y-%m-%d}")
    served = conn.execute(_QUERIES["served_on"], asked).fetchone()
    before = None if served is None else str(served[0])
    if before == section:
        return False
    for step in ("never_began", "end", *(["begin"] if section_id is not None else [])):
        conn.execute(_QUERIES[step], asked)
    after = {"section": section, "first": f"{first:%Y-%m-%d}"}
    record(conn, actor, Deed("space.serve", f"space:{code}", site, {"section": before}, after))
    return True
