"""The settings of the simulator, ``sim.toml``.

Responsible for their shape and for what must hold between them. Refuses defaults for anything that decides what the
building does: same file, same building.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import msgspec

from shigotoba_sim.clock import midnight_ms, ms_of
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.settings import Broker, read_settings


class SimSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is simulated, and where its ways out are.

    Attributes:
        seed: Names the building and everything that happens in it.
        site: Code of the site.
        gateway: The gateway whose agents hear the devices.
        opened_on: First day of history, a date in Japan.
        lively_from: Until then the building keeps office hours and holidays; from then on it lives round the clock.
        quiet: Nobody comes to work; only commands move anything.
        commands: File that the commands are appended to.
        state: Directory for what the simulator keeps: the history's outbox and its progress.
        enocean_tty: Link that the EnOcean face makes to its pseudo terminal.
        dbus_socket: Socket of the private system bus that carries the BLE face.
        snmp_ports: UDP port of each multifunction printer, in the order of ``Building.mfps``.
        broker: The upstream broker; used by the history alone.
    """

    seed: int
    site: str
    gateway: str
    opened_on: date
    lively_from: Annotated[datetime, msgspec.Meta(tz=True)]
    commands: Path
    state: Path
    enocean_tty: Path
    dbus_socket: Path
    snmp_ports: tuple[int, ...]
    quiet: bool = False
    broker: Broker | None = None

    @property
    def opened_ms(self) -> int:
        """The first instant of history, UTC milliseconds."""
        return midnight_ms(self.opened_on)

    @property
    def lively_ms(self) -> int:
        """When the building begins to live round the clock, UTC milliseconds."""
        return ms_of(self.lively_from)


def read_sim_settings(path: Path) -> SimSettings:
    """The settings in ``path``.

    Raises:
        SettingsError: The file is wrong, or the building would come to life before it opens.
    """
    settings = read_settings(path, SimSettings)
    if settings.lively_ms < settings.opened_ms:
        raise SettingsError(
            f"{path}: lively_from {settings.lively_from.isoformat()} is before opened_on {settings.opened_on}. "
            "Let the building open first."
        )
    return settings
