"""Where people say they sit, for the colleagues they have chosen, until the end of the day.

A row says so only until its end, whether or not anybody has deleted it. Every look-up is in the audit log. Responsible
for keeping and asking. Refuses to know anything by itself: no sensor ever says whose seat it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("whereabouts_store.sql", package="shigotoba_backend.phone")


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody who says where.

    Attributes:
        person_id: Who.
        name: For people.
        site: Code of the site.
        floor: Code of the floor.
        place: Name of the place.
        since: Since when.
    """

    person_id: int
    name: str
    site: str
    floor: str
    place: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may look.

    Attributes:
        person_id: Who.
        name: For people.
    """

    person_id: int
    name: str


def share(conn: psycopg.Connection, person_id: int, place: tuple[str, str], until: datetime, now: datetime) -> bool:
    """Says that the person sits at ``place``, the site's code and the space's; False if there is no such place."""
    fields = {"person_id": person_id, "site": place[0], "space": place[1], "until": until, "now": now}
    return bool(conn.execute(_QUERIES["share"], fields).rowcount)


def stop_sharing(conn: psycopg.Connection, person_id: int) -> None:
    """Takes it back."""
    conn.execute(_QUERIES["stop"], {"person_id": person_id})


def own(conn: psycopg.Connection, person_id: int, now: datetime) -> Seated | None:
    """What the person is saying at the moment."""
    found = rows_of(conn, Seated, _QUERIES["own"], {"person_id": person_id, "now": now})
    return found[0] if found else None


def look(conn: psycopg.Connection, reader_id: int, actor: Actor, now: datetime) -> list[Seated]:
    """Colleagues who have chosen this reader and say where they are; the look-up is logged."""
    with conn.transaction():
        found = rows_of(conn, Seated, _QUERIES["look"], {"reader_id": reader_id, "now": now})
        people = {"people": [each.person_id for each in found]}
        record(conn, actor, Deed("whereabouts.look", f"person:{reader_id}", after=people))
    return found


def readers(conn: psycopg.Connection, person_id: int) -> list[Colleague]:
    """Whom the person has chosen."""
    return rows_of(conn, Colleague, _QUERIES["readers"], {"person_id": person_id})


def choose(conn: psycopg.Connection, person_id: int, login: str) -> bool:
    """Lets a colleague look; False if nobody signs in like that."""
    fields = {"person_id": person_id, "login": login.strip().lower()}
    return bool(conn.execute(_QUERIES["choose"], fields).rowcount)


def unchoose(conn: psycopg.Connection, person_id: int, reader_id: int) -> None:
    """Takes that back."""
    conn.execute(_QUERIES["unchoose"], {"person_id": person_id, "reader_id": reader_id})


def forget_past(conn: psycopg.Connection, now: datetime) -> int:
    """Deletes what is over; how many rows."""
    return conn.execute(_QUERIES["forget_past"], {"now": now}).rowcount
