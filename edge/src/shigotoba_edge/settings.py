"""The agent's settings file: who it is, where its outbox and broker are, and a ``[[driver]]`` table for each driver.

Responsible for reading it whole, drivers' own tables included, so that a mistake shows before anything is started.
Refuses defaults that hide a mistake: an unknown key is an error.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final, cast

import msgspec

from shigotoba_edge.driver import Driver, Surroundings, TableError
from shigotoba_edge.drivers import DRIVERS, load
from shigotoba_edge.meaning.model import Model
from shigotoba_wire.clock import ClockSettings
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.logs import LogSettings
from shigotoba_wire.readings import is_name
from shigotoba_wire.settings import Broker
from shigotoba_wire.settings_file import SettingsFile

WRITTEN_BY_DRIVERS: Final = "counter_file"
"""A file that is no setting, though a setting names it."""


class AgentSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An edge agent.

    Attributes:
        agent: Its identity.
        gateway: The gateway whose local broker it speaks to.
        outbox: File of its durable outbox.
        broker: The gateway's local broker.
        driver: One table for each driver; its ``kind`` says what else it holds.
        health_every_s: How often it says how it is, in seconds.
        model: One table for each model of sensor whose words need interpreting.
        clock: How it is known that the clock is right.
        logs: What it says of its work, and how.
    """

    agent: str
    gateway: str
    outbox: Path
    broker: Broker
    driver: tuple[dict[str, Any], ...]
    health_every_s: Annotated[float, msgspec.Meta(ge=0.1, le=3600)] = 5.0
    model: tuple[Model, ...] = ()
    clock: ClockSettings = ClockSettings()
    logs: LogSettings = LogSettings()


def read_agent_settings(path: Path, surroundings: Surroundings) -> tuple[AgentSettings, dict[str, Driver]]:
    """The settings in ``path``, and its drivers by name, built but not started.

    Raises:
        SettingsError: Something is missing, unknown or out of range; the message names file, line and key.
    """
    file = SettingsFile.open(path)
    settings = file.read(AgentSettings)
    for key, name in (("agent", settings.agent), ("gateway", settings.gateway)):
        if not is_name(name):
            raise file.refusal(key, f"{name!r} cannot be a name. Use letters, digits and : . _ -")
    _check_models(file, settings.model)
    named = [_named_driver(file, f"driver[{i}]", table, surroundings) for i, table in enumerate(settings.driver)]
    _refuse_twins(file, (name for name, _ in named))
    return settings, dict(named)


def fingerprints(settings: AgentSettings) -> dict[str, str]:
    """For each driver by name what it is built from, its secret files included; equal if nothing has changed.

    The ``ble_*`` drivers share a radio, so a change of one is a change of all.
    """
    radio = [table for table in settings.driver if _is_radio(table)]
    return {table["name"]: _fingerprint(radio if _is_radio(table) else table) for table in settings.driver}


def _is_radio(table: dict[str, Any]) -> bool:
    return str(table["kind"]).startswith("ble_")


def _fingerprint(tables: object) -> str:
    digest = hashlib.sha256(repr(tables).encode())
    for path in _files(tables):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def _files(value: object) -> Iterator[Path]:
    """The files that a driver's table names, such as ``community_file``."""
    match value:
        case dict():
            for key, inner in cast(dict[str, object], value).items():
                if key.endswith("_file") and key != WRITTEN_BY_DRIVERS and isinstance(inner, str):
                    yield Path(inner)
                yield from _files(inner)
        case list():
            for inner in cast(list[object], value):
                yield from _files(inner)
        case _:
            return


def _check_models(file: SettingsFile, models: Iterable[Model]) -> None:
    owners: dict[str, str] = {}
    for number, model in enumerate(models):
        for key, flaw in model.flaws():
            raise file.refusal(f"model[{number}].{key}", flaw)
        for at, device in enumerate(model.devices):
            if device in owners:
                raise file.refusal(
                    f"model[{number}].devices[{at}]",
                    f"{device} is of two models, {owners[device]!r} and {model.name!r}. Take it out of one.",
                )
            owners[device] = model.name


def _named_driver(
    file: SettingsFile, key: str, table: dict[str, Any], surroundings: Surroundings
) -> tuple[str, Driver]:
    kind = table.get("kind")
    if kind is None:
        raise file.refusal(f"{key}.kind", "Object missing required field `kind`.")
    if kind not in DRIVERS:
        raise file.refusal(f"{key}.kind", f"{kind!r} is not a kind of driver. Use one of {', '.join(DRIVERS)}.")
    chosen = load(kind)
    settings = file.read(chosen.settings, table, key)
    try:
        return settings.name, chosen.build(settings, surroundings)
    except TableError as error:
        raise file.refusal(f"{key}.{error.key}", str(error)) from error
    except SettingsError as error:
        raise file.refusal(key, str(error)) from error


def _refuse_twins(file: SettingsFile, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            raise file.refusal(f"driver[{number}].name", f"two drivers have the name {name!r}. Rename one.")
        seen.add(name)
