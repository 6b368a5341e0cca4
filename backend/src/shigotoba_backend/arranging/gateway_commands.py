"""A gateway is told to do something once: kept in the database, from where the jobs give it out.

One given while the gateway is away is carried out when it comes back, unless it has run out; a gateway that has carried
one out never does so again. Responsible for what may be asked, and for its entry in the audit log. Refuses to ask for
the same thing again while the first is open, to reach a gateway, and to carry anything out.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.arranging.refusals import refuse
from shigotoba_backend.read.gateway_commands import abilities, commands
from shigotoba_backend.store.sql import load
from shigotoba_wire.commands import CommandKind

_QUERIES: Final = load("gateway_commands.sql", package="shigotoba_backend.arranging")

KINDS: Final = {kind.value: kind for kind in CommandKind}
"""What a gateway can be told, by its word."""

LIFE: Final = timedelta(minutes=10)
"""A command is not begun later, unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants done.

    Attributes:
        site: Where.
        gateway: By which gateway.
        kind: What.
        life: Not to be begun later.
        agent: By which of its agents; empty for the gateway itself.
        driver: With which driver, where the kind asks for one.
    """

    site: str
    gateway: str
    kind: CommandKind
    life: timedelta = LIFE
    agent: str = ""
    driver: str = ""


def ask(conn: psycopg.Connection, wish: Wish, actor: Actor, now: datetime) -> str:
    """Keeps the command; its name.

    Raises:
        ProblemError: ``no_such_gateway``, ``no_such_driver``, ``asked_already``.
    """
    name = f"{wish.kind.value}-{secrets.token_hex(8)}"
    after = {"kind": wish.kind.value, "agent": wish.agent, "driver": wish.driver, "command": name}
    with conn.transaction():
        if conn.execute(_QUERIES["hold_gateway"], {"site": wish.site, "gateway": wish.gateway}).fetchone() is None:
            raise refuse("no_such_gateway", gateway=wish.gateway, site=wish.site)
        _check(conn, wish, now)
        fields = {"site": wish.site, "gateway": wish.gateway, "now": now, "not_after": now + wish.life}
        conn.execute(_QUERIES["keep_command"], {**after, **fields})
        record(conn, actor, Deed("gateway.command", f"gateway:{wish.gateway}", site=wish.site, after=after))
    return name


def _check(conn: psycopg.Connection, wish: Wish, now: datetime) -> None:
    if wish.kind is CommandKind.RESTART_DRIVER:
        known = [each for each in abilities(conn, wish.site) if each.gateway == wish.gateway and each.driver]
        if (wish.agent, wish.driver) not in {(each.agent, each.driver) for each in known}:
            there = ", ".join(f"{each.agent} {each.driver}" for each in known) or "-"
            raise refuse("no_such_driver", gateway=wish.gateway, driver=f"{wish.agent} {wish.driver}", known=there)
    wanted = (wish.kind.value, wish.agent, wish.driver)
    for told in commands(conn, wish.site, wish.gateway):
        if (told.kind, told.agent, told.driver) == wanted and told.standing(now) in {"open", "under_way"}:
            raise refuse("asked_already", gateway=wish.gateway, at=told.asked_at.isoformat())
