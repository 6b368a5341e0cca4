"""The settings of the simulator, ``sim.toml``.

Responsible for their shape and for what must hold between them. Refuses defaults for anything that decides what the
building does: same file, same building.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import msgspec

from shigotoba_sim.building import Building, building
from shigotoba_sim.clock import midnight_ms, ms_of
from shigotoba_sim.fitting import Devices
from shigotoba_sim.floorplan import SEATS, SEATS_PER_FLOOR
from shigotoba_sim.pace import Pace
from shigotoba_wire.logs import LogSettings
from shigotoba_wire.settings import Broker
from shigotoba_wire.settings_file import SettingsFile


class SnmpV3(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The one SNMPv3 user that every printer knows: authPriv, HMAC-192-SHA-256 (RFC 7860) and AES-128 (RFC 3826).

    Attributes:
        user: Its name.
        auth_file: File whose first line is the authentication pass phrase, eight characters or more.
        privacy_file: The same for encryption.
    """

    user: str
    auth_file: Path
    privacy_file: Path


class Recording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A recorded device, served as it was.

    Attributes:
        file: The recording, ``.snmprec``.
        port: UDP port it answers on.
    """

    file: Path
    port: int


class Phones(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the building's people reach the product with their phones.

    Attributes:
        address: Of the product's API and phone app, such as ``http://127.0.0.1:8060``.
        tokens: File with a token for each login, which ``shigotoba_backend account demo --tokens`` writes.
    """

    address: Annotated[str, msgspec.Meta(pattern=r"^https?://[^/]+/?$")]
    tokens: Path


class SimSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is simulated, and where its ways out are.

    Attributes:
        seed: Names the building and everything that happens in it.
        site: Code of the site.
        gateway: The gateway whose agents hear the devices.
        opened_on: First day of history, a date in Japan.
        lively_from: Until then the building keeps office hours and holidays; from then on it lives round the clock.
        quiet: Nobody comes to work; only commands move anything.
        seats: Size of the building, in whole floors of 20.
        keep_alive_s: How often a presence sensor at least tells its state, in whole minutes; the live ones do every
            minute.
        speed: How many seconds pass in the live building per second on the wall.
        scenario: A file that says what is different in this run (docs/simulator.md); none for an ordinary one.
        commands: File that the commands are appended to.
        state: Directory for what the simulator keeps: the history's outbox and its progress.
        enocean_tty: Link that the EnOcean face makes to its pseudo terminal.
        dbus_socket: Socket of the private system bus that carries the BLE face.
        snmp_ports: UDP port of each multifunction printer, in the order of ``Building.mfps``.
        devices: ``spine`` for the demo's kinds of devices, ``all`` for every kind there is.
        bindkeys: File that ``live`` writes the keys of encrypted BLE sensors into, for the edge; none if not given.
        modbus_tty: Link that the wired inputs make to their pseudo terminal; needed where something is wired.
        snmp_v3: Makes the printers answer version 3 as well.
        recording: Recorded devices that are served beside the building's own.
        phones: Lets the people book booths in the live building; without it they only walk in.
        displays: The gateway's own broker, where the displays beside the booths listen; without it there are none.
        broker: The upstream broker; used by the history alone.
        logs: What it says of its work, and how.
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
    devices: Devices = "spine"
    bindkeys: Path | None = None
    modbus_tty: Path | None = None
    snmp_v3: SnmpV3 | None = None
    recording: tuple[Recording, ...] = ()
    quiet: bool = False
    seats: Annotated[int, msgspec.Meta(ge=SEATS_PER_FLOOR, le=10_000, multiple_of=SEATS_PER_FLOOR)] = SEATS
    keep_alive_s: Annotated[int, msgspec.Meta(ge=60, le=7200, multiple_of=60)] = 60
    speed: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 1.0
    scenario: Path | None = None
    phones: Phones | None = None
    displays: Broker | None = None
    broker: Broker | None = None
    logs: LogSettings = LogSettings()

    @property
    def opened_ms(self) -> int:
        """The first instant of history, UTC milliseconds."""
        return midnight_ms(self.opened_on)

    @property
    def lively_ms(self) -> int:
        """When the building begins to live round the clock, UTC milliseconds."""
        return ms_of(self.lively_from)

    @property
    def pace(self) -> Pace:
        """How the time in the building follows the wall clock."""
        return Pace(self.lively_ms, self.speed)

    @property
    def place(self) -> Building:
        """The building they name."""
        return building(self.seed, self.site, self.gateway, self.devices, self.seats, self.keep_alive_s)


def read_sim_settings(path: Path) -> SimSettings:
    """The settings in ``path``.

    Raises:
        SettingsError: The file is wrong, or the building would come to life before it opens.
    """
    file = SettingsFile.open(path)
    settings = file.read(SimSettings)
    if settings.lively_ms < settings.opened_ms:
        raise file.refusal(
            "lively_from",
            f"{settings.lively_from.isoformat()} is before opened_on {settings.opened_on}. "
            "Let the building open first.",
        )
    return settings
