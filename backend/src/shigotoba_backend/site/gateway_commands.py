"""What a gateway is told to do once: kept in the database, published retained, answered in the gateway's health.

The retained list holds every command that is open, so one given while the gateway is away is carried out when it
comes back; a gateway that has carried one out never does so again.

Responsible for the list and for what became of each command. Refuses to carry anything out.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg

from shigotoba_backend.accounts.audit import COMMAND, Deed, record
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.gateway_config import GatewayConfigError, publish_retained
from shigotoba_backend.store.sql import load
from shigotoba_wire.commands import MAX_COMMANDS, Command, CommandKind, Commands, Outcome, encode_commands
from shigotoba_wire.topics import COMMANDS, upstream

_QUERIES: Final = load("gateway_commands.sql", package="shigotoba_backend.site")

UNANSWERED: Final = ("", Outcome.UNDER_WAY.value)


@dataclass(frozen=True)
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
    life: timedelta
    agent: str = ""
    driver: str = ""


@dataclass(frozen=True)
class Told:
    """A command and what became of it.

    Attributes:
        command: Its name.
        kind: What was to be done.
        agent: By which agent.
        driver: With which driver.
        asked_at: When it was given.
        not_after: When it runs out.
        outcome: Of ``Outcome``, in the gateway's word; empty before it has said any.
        detail: In words.
    """

    command: str
    kind: str
    agent: str
    driver: str
    asked_at: datetime
    not_after: datetime
    outcome: str
    detail: str


def give(conn: psycopg.Connection, settings: BackendSettings, wish: Wish, now: datetime) -> str:
    """Keeps the command and publishes it; its name.

    Raises:
        GatewayConfigError: The gateway is not known there, or the broker did not take it.
    """
    name = f"{wish.kind.value}-{secrets.token_hex(8)}"
    fields = {
        "command": name, "site": wish.site, "gateway": wish.gateway, "kind": wish.kind.value,
        "agent": wish.agent, "driver": wish.driver, "now": now, "not_after": now + wish.life,
    }  # fmt: skip
    with conn.transaction():
        if conn.execute(_QUERIES["keep_command"], fields).fetchone() is None:
            raise GatewayConfigError(
                f"{wish.gateway} has never been heard of at site {wish.site}. See: gateway list. Nothing was done."
            )
        after = {"kind": wish.kind.value, "agent": wish.agent, "driver": wish.driver, "command": name}
        record(conn, COMMAND, Deed("gateway.command", f"gateway:{wish.gateway}", site=wish.site, after=after))
        still_open = [each for each in commands(conn, wish.site, wish.gateway) if _is_open(each, now)]
    payload = encode_commands(Commands(tuple(_as_message(each) for each in reversed(still_open))))
    publish_retained(settings.broker, upstream(wish.site, wish.gateway).down(COMMANDS), payload)
    return name


def commands(conn: psycopg.Connection, site: str, gateway: str) -> list[Told]:
    """What the gateway was told lately, the newest first."""
    return rows_of(conn, Told, _QUERIES["commands"], {"site": site, "gateway": gateway, "most": MAX_COMMANDS})


def _is_open(told: Told, now: datetime) -> bool:
    return told.outcome in UNANSWERED and told.not_after > now


def _as_message(told: Told) -> Command:
    not_after_ms = round(told.not_after.timestamp() * 1000)
    return Command(told.command, CommandKind(told.kind), not_after_ms, told.agent, told.driver)
