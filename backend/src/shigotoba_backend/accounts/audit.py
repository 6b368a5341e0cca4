"""The audit log: every change of settings, every export, every look-up of a name.

It holds numbers of people, never their names, so that it can outlive their personal data; the database refuses to
change or delete an entry. Call ``record`` in the transaction of what it records.

Responsible for writing and reading entries. Refuses to judge them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final, Literal

import psycopg
from psycopg.types.json import Jsonb

from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("audit.sql", package="shigotoba_backend.accounts")

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it.

    Attributes:
        kind: A signed-in person, a command on the server, a job, a gateway, or nobody known (a failed sign-in).
        person_id: Of a person.
        request_id: Of the request, to find it in the process's log.
    """

    kind: Literal["person", "command", "job", "gateway", "nobody"]
    person_id: int | None = None
    request_id: str = ""


COMMAND: Final = Actor("command")
JOB: Final = Actor("job")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log.

    Attributes:
        audit_id: Its number, growing.
        at: When, UTC.
        actor_id: The person, if it was one.
        actor_kind: See ``Actor``.
        action: Such as ``role.grant`` or ``export.download``.
        object: What it was done to, such as ``person:12`` or ``booth:3f-b1``.
        site: Code of the site, where it concerns one.
        before: What was there, for a change.
        after: What is there now.
        reason: In the words of the person, where one was asked for.
        request_id: See ``Actor``.
    """

    audit_id: int
    at: datetime
    actor_id: int | None
    actor_kind: str
    action: str
    object: str
    site: str | None
    before: dict[str, object] | None
    after: dict[str, object] | None
    reason: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done.

    Attributes:
        action: ``topic.verb``, such as ``policy.change``.
        object: ``kind:identity``, such as ``booth:3f-b1``; a person by number.
        site: Code of the site it concerns.
        before: What was there, JSON-able, without names of people.
        after: What is there now, likewise.
        reason: Why, where a reason was asked for.
    """

    action: str
    object: str
    site: str | None = None
    before: Values | None = None
    after: Values | None = None
    reason: str = ""


def record(conn: psycopg.Connection, actor: Actor, deed: Deed) -> None:
    """Adds an entry, in the caller's transaction."""
    conn.execute(
        _QUERIES["record"],
        {
            "actor_id": actor.person_id,
            "actor_kind": actor.kind,
            "action": deed.action,
            "object": deed.object,
            "site": deed.site,
            "before": _json(deed.before),
            "after": _json(deed.after),
            "reason": deed.reason,
            "request_id": actor.request_id,
        },
    )


def _json(values: Values | None) -> Jsonb | None:
    return None if values is None else Jsonb(dict(values))


@dataclass(frozen=True, slots=True)
class Sought:
    """Which entries are wanted.

    Attributes:
        sites: Codes of sites the reader may see.
        whole: Whether entries that concern no site are wanted too.
        before_id: Older than this entry; None for the newest.
        most: How many.
        since: Not before.
        until: Before.
        topic: The part of the action before its dot, such as ``role``.
        actor_id: Of one person.
        object: What it was done to.
    """

    sites: frozenset[str]
    whole: bool
    before_id: int | None = None
    most: int = 50
    since: datetime | None = None
    until: datetime | None = None
    topic: str | None = None
    actor_id: int | None = None
    object: str | None = None


def entries(conn: psycopg.Connection, sought: Sought) -> list[Entry]:
    """Entries, newest first."""
    return rows_of(conn, Entry, _QUERIES["entries"], {**asdict(sought), "sites": sorted(sought.sites)})


def topics(conn: psycopg.Connection, sought: Sought) -> list[str]:
    """What the entries of a time are about, whichever topic is sought."""
    found = conn.execute(_QUERIES["topics"], {**asdict(sought), "sites": sorted(sought.sites)})
    return [topic for (topic,) in found]


def entries_about(conn: psycopg.Connection, thing: str, most: int = 20) -> list[Entry]:
    """Entries about one object, newest first, for whoever may keep it."""
    return rows_of(conn, Entry, _QUERIES["about"], {"object": thing, "most": most})
