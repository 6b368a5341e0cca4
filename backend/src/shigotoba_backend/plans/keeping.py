"""Programmes and their cards in the database: imported, edited, with every version kept.

Responsible for versions: whoever edits says which one was seen, so that two editors cannot overwrite each other.
Refuses to remove a card: what was planned once stays on record (set its status instead).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.plans.cards import Card, Programme
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("plans.sql", package="shigotoba_backend.plans")


class ProgrammeSeen(msgspec.Struct, frozen=True):
    """A programme without its cards."""

    code: str
    name: str
    owner: str
    source: str


@dataclasses.dataclass(frozen=True)
class Kept:
    """A card as it is kept.

    Attributes:
        initiative_id: Its number.
        version: Of the card, from 1.
        card: The card.
        at: When this version was written.
    """

    initiative_id: int
    version: int
    card: Card
    at: datetime


@dataclasses.dataclass(frozen=True)
class Version:
    """One version of a card, with who wrote it and why."""

    version: int
    card: Card
    at: datetime
    actor_id: int | None
    reason: str


class Imported(msgspec.Struct, frozen=True):
    """What an import did to a programme."""

    programme: str
    new: int
    changed: int
    same: int


class UnknownInitiativeError(LookupError):
    """There is no such programme or card."""


class EditedMeanwhileError(Exception):
    """Somebody else has edited the card since it was read."""


def import_programme(
    conn: psycopg.Connection, organisation: str, programme: Programme, actor: Actor, now: datetime
) -> Imported:
    """Brings the database in line with a file; cards that are not in it stay."""
    with conn.transaction():
        told = {name: getattr(programme, name) for name in ("code", "name", "owner", "source")}
        (programme_id,) = _one(conn, "put_programme", told | {"organisation": organisation})
        held = {kept.card.code: kept for kept in initiatives(conn, organisation, programme.code)}
        reason = f"{programme.source} を取り込み"
        done = [
            _import_card(conn, programme_id, position, held.get(card.code), Writing(card, actor, reason, now))
            for position, card in enumerate(programme.cards)
        ]
        result = Imported(programme.code, done.count("new"), done.count("changed"), done.count("same"))
        if result.new + result.changed:
            record(
                conn, actor, Deed("plan.import", f"programme:{programme.code}", after=msgspec.structs.asdict(result))
            )
        return result


def programmes(conn: psycopg.Connection, organisation: str) -> list[ProgrammeSeen]:
    """Every programme of the organisation."""
    return rows_of(conn, ProgrammeSeen, _QUERIES["programmes"], {"organisation": organisation})


def initiatives(conn: psycopg.Connection, organisation: str, programme: str) -> list[Kept]:
    """The cards of a programme, newest version each, in the order of the plan."""
    arguments = {"organisation": organisation, "programme": programme}
    rows = conn.execute(_QUERIES["initiatives"], arguments).fetchall()
    return [Kept(number, version, msgspec.convert(card, Card), at) for number, version, card, at in rows]


def initiative(conn: psycopg.Connection, organisation: str, programme: str, code: str) -> Kept:
    """One card.

    Raises:
        UnknownInitiativeError: There is none.
    """
    found = next((kept for kept in initiatives(conn, organisation, programme) if kept.card.code == code), None)
    if found is None:
        raise UnknownInitiativeError(f"There is no initiative “{code}” in the programme “{programme}”.")
    return found


def versions(conn: psycopg.Connection, kept: Kept) -> list[Version]:
    """Every version of a card, newest first."""
    rows = conn.execute(_QUERIES["versions"], {"initiative_id": kept.initiative_id}).fetchall()
    return [Version(number, msgspec.convert(card, Card), at, actor, reason) for number, card, at, actor, reason in rows]


@dataclasses.dataclass(frozen=True)
class Writing:
    """A card to be written, by whom, why and when."""

    card: Card
    actor: Actor
    reason: str
    now: datetime


def edit(conn: psycopg.Connection, seen: Kept, programme: str, writing: Writing) -> int:
    """Writes the version after the one that was ``seen``; its number.

    Raises:
        EditedMeanwhileError: There is one already.
    """
    with conn.transaction():
        try:
            version = _write(conn, seen.initiative_id, seen.version + 1, writing)
        except psycopg.errors.UniqueViolation as error:
            raise EditedMeanwhileError(f"“{seen.card.title}” has been edited since version {seen.version}.") from error
        changed = _changed(seen.card, writing.card)
        deed = Deed("plan.edit", f"initiative:{programme}/{seen.card.code}", None, *changed, writing.reason)
        record(conn, writing.actor, deed)
        return version


def _import_card(conn: psycopg.Connection, programme_id: int, position: int, held: Kept | None, new: Writing) -> str:
    where = {"programme_id": programme_id, "code": new.card.code, "position": position}
    (initiative_id,) = _one(conn, "put_initiative", where)
    if held is None:
        _write(conn, initiative_id, 1, new)
        return "new"
    if held.card == new.card:
        return "same"
    _write(conn, initiative_id, held.version + 1, new)
    return "changed"


def _write(conn: psycopg.Connection, initiative_id: int, version: int, writing: Writing) -> int:
    row = {
        "initiative_id": initiative_id,
        "version": version,
        "card": Jsonb(msgspec.to_builtins(writing.card)),
        "at": writing.now,
        "actor_id": writing.actor.person_id,
        "actor_kind": writing.actor.kind,
        "reason": writing.reason,
    }
    conn.execute(_QUERIES["put_version"], row)
    return version


def _changed(before: Card, after: Card) -> tuple[dict[str, object], dict[str, object]]:
    """What differs, for the audit log."""
    old: Mapping[str, object] = msgspec.to_builtins(before)
    new: Mapping[str, object] = msgspec.to_builtins(after)
    names = [name for name in new if old.get(name) != new[name]]
    return {name: old.get(name) for name in names}, {name: new[name] for name in names}


def _one(conn: psycopg.Connection, query: str, arguments: Mapping[str, object]) -> tuple[int]:
    row = conn.execute(_QUERIES[query], arguments).fetchone()
    if row is None:
        raise UnknownInitiativeError(f"There is no organisation “{arguments.get('organisation')}”.")
    return (int(row[0]),)
