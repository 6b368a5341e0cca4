"""The list of a gateway's open commands as it is published, retained.

A gateway that was away finds it when it comes back. Responsible for the list, and for a command given from the command
line, which waits until the broker has it. Refuses to judge what may be asked (see ``arranging.gateway_commands``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import psycopg

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import sentence
from shigotoba_backend.arranging.gateway_commands import Wish, ask
from shigotoba_backend.read.gateway_commands import Told, commands
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.gateway_config import GatewayConfigError, publish_retained
from shigotoba_backend.texts import texts_in
from shigotoba_wire.commands import Command, CommandKind, Commands, encode_commands
from shigotoba_wire.spoken import language
from shigotoba_wire.topics import COMMANDS, upstream

LINGERS: Final = timedelta(minutes=1)
"""What has run out stays so long, so that the gateway says that it did."""

NOTHING: Final = encode_commands(Commands())
"""The list of a gateway that has nothing to do."""


def open_commands(conn: psycopg.Connection, site: str, gateway: str, now: datetime) -> bytes:
    """What the gateway has still to do, the oldest first, as its message."""
    told = [each for each in commands(conn, site, gateway) if each.standing(now - LINGERS) in {"open", "under_way"}]
    return encode_commands(Commands(tuple(map(_as_message, reversed(told)))))


def give(conn: psycopg.Connection, settings: BackendSettings, wish: Wish, now: datetime) -> str:
    """Keeps the command and publishes it; its name.

    Raises:
        GatewayConfigError: It cannot be asked for, or the broker did not take it.
    """
    try:
        name = ask(conn, wish, COMMAND, now)
    except ProblemError as problem:
        raise GatewayConfigError(sentence(texts_in(language()), problem.code, problem.facts)) from problem
    topic = upstream(wish.site, wish.gateway).down(COMMANDS)
    publish_retained(settings.broker, topic, open_commands(conn, wish.site, wish.gateway, now))
    return name


def _as_message(told: Told) -> Command:
    not_after_ms = round(told.not_after.timestamp() * 1000)
    return Command(told.command, CommandKind(told.kind), not_after_ms, told.agent, told.driver)
