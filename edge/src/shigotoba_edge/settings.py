"""The agent's settings file: who it is, where its outbox and broker are, and a ``[[driver]]`` table for each driver.

Responsible for reading it whole, drivers' own tables included, so that a mistake shows before anything is started.
Refuses defaults that hide a mistake: an unknown key is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import msgspec

from shigotoba_edge.driver import Driver, Surroundings
from shigotoba_edge.drivers import DRIVERS, load
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.readings import is_name
from shigotoba_wire.settings import Broker, convert_settings, read_settings


class AgentSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An edge agent.

    Attributes:
        agent: Its identity.
        gateway: The gateway whose local broker it speaks to.
        outbox: File of its durable outbox.
        broker: The gateway's local broker.
        driver: One table for each driver; its ``kind`` says what else it holds.
        health_every_s: How often it says how it is, in seconds.
    """

    agent: str
    gateway: str
    outbox: Path
    broker: Broker
    driver: tuple[dict[str, Any], ...]
    health_every_s: Annotated[float, msgspec.Meta(ge=0.1, le=3600)] = 5.0


def read_agent_settings(path: Path, surroundings: Surroundings) -> tuple[AgentSettings, dict[str, Driver]]:
    """The settings in ``path``, and its drivers by name, built but not started.

    Raises:
        SettingsError: Something is missing, unknown or out of range; the message names file and key.
    """
    settings = read_settings(path, AgentSettings)
    for key, name in (("agent", settings.agent), ("gateway", settings.gateway)):
        if not is_name(name):
            raise SettingsError(f"{path}: {name!r} cannot be a name - at `$.{key}`. Use letters, digits and : . _ -")
    named = [_named_driver(f"{path}: driver {i}", table, surroundings) for i, table in enumerate(settings.driver, 1)]
    _refuse_twins(path, (name for name, _ in named))
    return settings, dict(named)


def _named_driver(where: str, table: dict[str, Any], surroundings: Surroundings) -> tuple[str, Driver]:
    kind = table.get("kind")
    if kind not in DRIVERS:
        raise SettingsError(
            f"{where}: {kind!r} is not a kind of driver - at `$.kind`. Use one of {', '.join(DRIVERS)}."
        )
    chosen = load(kind)
    settings = convert_settings(table, chosen.settings, f"{where} ({kind})")
    try:
        return settings.name, chosen.build(settings, surroundings)
    except SettingsError as error:
        raise SettingsError(f"{where} ({kind}): {error}") from error


def _refuse_twins(path: Path, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise SettingsError(f"{path}: two drivers have the name {name!r} - at `$.driver`. Rename one.")
        seen.add(name)
