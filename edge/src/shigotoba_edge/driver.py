"""The seam between the agent and its drivers: what a driver is, what it is given, how it fails.

A driver is a folder under ``drivers`` with a ``KIND``. The agent keeps it running, counts for it and looks after its
readings, so a driver holds nothing but its protocol.

Responsible for the interface. Refuses to know any particular driver (see ``drivers``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Generic, Protocol, TypeVar

import msgspec

from shigotoba_edge.commons import Commons
from shigotoba_edge.logbook import Logbook
from shigotoba_wire.errors import SettingsError


class DriverError(Exception):
    """A driver cannot go on: port gone, adapter off. The text says what happened and what to do.

    The agent starts the driver again, later and later.
    """


class TableError(SettingsError):
    """A driver's table reads well but asks for what cannot be.

    Attributes:
        key: What of the table is meant, such as ``module[0].unit``.
    """

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.key = key


class Driver(Protocol):
    """Something that listens to devices."""

    async def run(self, logbook: Logbook) -> None:
        """Listen until cancelled, reporting to ``logbook``; called again after a failure, on the same object.

        Raises:
            DriverError: It cannot go on.
        """
        ...


class DriverSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every ``[[driver]]`` table holds.

    Attributes:
        kind: A line of the registry, such as ``enocean``.
        name: Of this driver in the agent, for log and health.
    """

    kind: str
    name: str


@dataclass(frozen=True)
class Surroundings:
    """What a driver is given of the world.

    Attributes:
        now_ms: The time, UTC milliseconds since 1970-01-01.
        rng: For jitter.
        commons: What the drivers of the agent share, such as a radio.
    """

    now_ms: Callable[[], int]
    rng: Random
    commons: Commons = field(default_factory=Commons)


Settings = TypeVar("Settings", bound=DriverSettings)


@dataclass(frozen=True)
class DriverKind(Generic[Settings]):
    """A line of the registry, loaded.

    Attributes:
        settings: What its ``[[driver]]`` table must look like.
        build: Makes the driver without touching hardware; may raise ``SettingsError``,
            of its own table ``TableError``.
    """

    settings: type[Settings]
    build: Callable[[Settings, Surroundings], Driver]
