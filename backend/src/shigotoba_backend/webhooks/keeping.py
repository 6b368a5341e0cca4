"""Which programs are told, and how that went.

Responsible for the list and for the record of tries. Refuses to send.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg

from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("delivering.sql", package="shigotoba_backend.webhooks")


@dataclass(frozen=True, slots=True)
class Webhook:
    """A program that is told.

    Attributes:
        webhook_id: Its name.
        url: Where it listens.
        kinds: Which kinds of events; empty for all.
        active: Whether it is told.
        made_at: Since when.
    """

    webhook_id: UUID
    url: str
    kinds: list[str]
    active: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Try:
    """How one delivery went so far.

    Attributes:
        delivery_id: As in the header.
        event_id: The entry of the journal it tells.
        state: ``waiting``, ``delivered`` or ``given_up``.
        tries: How often it was tried.
        next_at: When it is tried next, if it waits.
        last_answer: What came of the last try.
    """

    delivery_id: int
    event_id: int
    state: str
    tries: int
    next_at: datetime
    last_answer: str | None


def webhooks_of(conn: psycopg.Connection, site: str) -> list[Webhook]:
    """Those of a site."""
    return rows_of(conn, Webhook, _QUERIES["of_site"], {"site": site})


def make_webhook(
    conn: psycopg.Connection, site: str, url: str, kinds: Sequence[str], now: datetime
) -> tuple[UUID, str]:
    """A new one: its name, and the secret that what it is told is signed with."""
    secret = secrets.token_urlsafe(32)
    fields = {"site": site, "url": url, "kinds": list(kinds), "secret": secret, "now": now}
    return conn.execute(_QUERIES["make"], fields).fetchall()[0][0], secret


def stop_webhook(conn: psycopg.Connection, site: str, webhook_id: UUID) -> bool:
    """Tells it no more; whether there was one."""
    fields = {"site": site, "webhook_id": webhook_id}
    return conn.execute(_QUERIES["stop"], fields).fetchone() is not None


def tries_of(conn: psycopg.Connection, site: str, webhook_id: UUID) -> list[Try]:
    """The last hundred deliveries, newest first."""
    return rows_of(conn, Try, _QUERIES["tries"], {"site": site, "webhook_id": webhook_id})
