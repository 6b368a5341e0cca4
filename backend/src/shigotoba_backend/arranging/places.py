"""The site's name, its floors, its seats and other places: looked at, named, added.

Nothing is taken away: what a place was used for stays told under its code. Responsible for these changes and their
entries in the audit log. Refuses to move a place on the map (see ``floorplans``) and to ask who may.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

import psycopg
from psycopg import errors

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.arranging.refusals import refuse
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load
from shigotoba_wire.readings import is_name

_QUERIES: Final = load("arranging.sql", package="shigotoba_backend.arranging")


@dataclass(frozen=True, slots=True)
class PlaceKept:
    """A seat, a booth or another place.

    Attributes:
        code: Its identity.
        name: For people.
        floor: Code of its floor.
        kind: Such as ``seat``.
        seat_type: Such as ``window``; None where it has none.
        capacity: People it is for.
    """

    code: str
    name: str
    floor: str
    kind: str
    seat_type: str | None
    capacity: int


def places(conn: psycopg.Connection, site: str) -> list[PlaceKept]:
    """Every place of a site, lowest floor first."""
    return rows_of(conn, PlaceKept, _QUERIES["places"], {"site": site})


def rename_site(conn: psycopg.Connection, site: str, names: tuple[str, str], actor: Actor) -> None:
    """Gives a site its names, Japanese and English.

    Raises:
        ProblemError: ``name_missing``.
    """
    wanted = {"name": _named(names[0]), "name_en": _named(names[1])}
    with conn.transaction():
        before = dict(zip(wanted, conn.execute(_QUERIES["site"], {"site": site}).fetchall()[0], strict=True))
        conn.execute(_QUERIES["rename_site"], {"site": site, **wanted})
        record(conn, actor, Deed("site.change", f"site:{site}", site, before, wanted))


def put_floor(conn: psycopg.Connection, site: str, code: str, names: tuple[str, str], level: int, actor: Actor) -> None:
    """Adds a floor, or names one anew.

    Raises:
        ProblemError: ``not_a_code``, ``name_missing``.
    """
    wanted = {"name": _named(names[0]), "name_en": _named(names[1]), "level": level}
    asked = {"site": site, "code": _code(code)}
    with conn.transaction():
        row = conn.execute(_QUERIES["floor"], asked).fetchone()
        before = dict(zip(wanted, row, strict=True)) if row else None
        conn.execute(_QUERIES["put_floor"], asked | wanted)
        record(conn, actor, Deed("floor.put", f"floor:{code}", site, before, wanted))


def add_place(conn: psycopg.Connection, site: str, new: PlaceKept, actor: Actor) -> None:
    """Adds a place; it stands in the corner of the map until a floor plan says where.

    Raises:
        ProblemError: ``not_a_code``, ``name_missing``, ``code_taken``, ``no_such_space``: the floor is unknown.
    """
    told = {**asdict(new), "code": _code(new.code), "name": _named(new.name)}
    try:
        with conn.transaction():
            if not conn.execute(_QUERIES["add_place"], {"site": site, **told}).rowcount:
                raise refuse("no_such_space", place=new.floor)
            record(conn, actor, Deed("space.put", f"space:{new.code}", site, after=told))
    except errors.UniqueViolation as error:
        raise refuse("code_taken", text=new.code) from error


def change_place(
    conn: psycopg.Connection, site: str, code: str, name: str, of_kind: tuple[str | None, int], actor: Actor
) -> None:
    """Gives a place its name, its type of seat (or None) and its capacity.

    Raises:
        ProblemError: ``no_such_space``, ``name_missing``.
    """
    known = next((each for each in places(conn, site) if each.code == code), None)
    if known is None:
        raise refuse("no_such_space", place=code)
    before = {"name": known.name, "seat_type": known.seat_type, "capacity": known.capacity}
    wanted = {"name": _named(name), "seat_type": of_kind[0], "capacity": of_kind[1]}
    with conn.transaction():
        conn.execute(_QUERIES["change_place"], {"site": site, "code": code, **wanted})
        record(conn, actor, Deed("space.put", f"space:{code}", site, before, wanted))


def _named(name: str) -> str:
    if not name.strip() or "\0" in name:
        raise refuse("name_missing")
    return name.strip()[:100]


def _code(text: str) -> str:
    if not is_name(text):
        raise refuse("not_a_code", text=text)
    return text
