"""How drivers, devices, agents and gateways are doing: the numbers behind "what is broken".

Health is state, not history: each message replaces the last one of its sender, and a lost one is not sent again.

Responsible for the messages. Refuses to judge (when a device counts as dead is the backend's business).
"""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from shigotoba_wire.commands import CommandResult
from shigotoba_wire.decoding import decode_message


class DriverState(enum.Enum):
    """What a driver is doing."""

    STARTING = "starting"
    RUNNING = "running"
    WAITING = "waiting"
    STOPPED = "stopped"


class DriverHealth(msgspec.Struct, frozen=True):
    """One driver of an agent.

    Attributes:
        driver: Its name in the agent's settings.
        state: ``WAITING`` means it failed and will be started again.
        frames: Adverts, telegrams or replies understood since the start.
        dropped: Those not understood, by reason.
        restarts: How often it was started again.
        last_error: In words; empty when there was none.
    """

    driver: str
    state: DriverState
    frames: int
    dropped: dict[str, int]
    restarts: int = 0
    last_error: str = ""


class DeviceHealth(msgspec.Struct, frozen=True):
    """One device as an agent hears it.

    Attributes:
        device: Its identity.
        last_seen_at_ms: When it was heard last, UTC milliseconds.
        rssi_dbm: Signal strength, where there is a radio.
        battery_pct: Where the device says so.
        frames: What was understood of it since the agent's start.
        errors: What was not, by reason.
        note: What a person should look at, such as counters that do not add up; empty when all is well.
    """

    device: str
    last_seen_at_ms: int
    rssi_dbm: int | None = None
    battery_pct: float | None = None
    frames: int = 0
    errors: dict[str, int] = {}
    note: str = ""


class ClockHealth(msgspec.Struct, frozen=True):
    """How the clock of a gateway is doing.

    Attributes:
        known: It has been set since the device was switched on.
        unstamped: Readings that wait for the clock to be known.
        jumps: How often it jumped since the start.
        last_jump_s: By how much, forwards positive; 0 when never.
        last_jump_at_ms: When, by the new time; None when never.
    """

    known: bool
    unstamped: int = 0
    jumps: int = 0
    last_jump_s: float = 0.0
    last_jump_at_ms: int | None = None


class AgentHealth(msgspec.Struct, frozen=True):
    """An edge agent.

    Attributes:
        agent: Its identity.
        at_ms: When this was true, UTC milliseconds.
        started_at_ms: When the process started.
        epoch: Of its outbox.
        next_seq: Sequence number the next reading gets.
        waiting: Readings in the outbox without receipt.
        drivers: Its drivers.
        devices: The devices it has heard since its start.
        clock: Its clock.
        set_aside: Readings the gateway refused, or that could not be read any more; kept for a person.
        salvaged: Readings saved out of a damaged outbox at the last start.
        set_aside_file: Name of the damaged file, kept for a person; empty when there is none.
    """

    agent: str
    at_ms: int
    started_at_ms: int
    epoch: str
    next_seq: int
    waiting: int
    drivers: tuple[DriverHealth, ...] = ()
    devices: tuple[DeviceHealth, ...] = ()
    clock: ClockHealth | None = None
    set_aside: int = 0
    salvaged: int = 0
    set_aside_file: str = ""


class SpoolHealth(msgspec.Struct, frozen=True):
    """How the disk of a gateway is doing.

    Attributes:
        used_bytes: Of the spool's files.
        free_bytes: What the spool may still grow by: room on its disk, or up to the limit set for it.
        free_share: The same as a share of all it may have, 0 to 1.
        days_left: How long the free room lasts at the rate of the last hour without the backend; None when unknown.
        refusing: Points that are not taken for want of room now, the least valuable first.
        refused: Readings not taken for want of room since the start, by point; their agents keep them.
        salvaged: Readings saved out of a damaged spool at the last start.
        set_aside_file: Name of the damaged file, kept for a person; empty when there is none.
    """

    used_bytes: int
    free_bytes: int
    free_share: float
    days_left: float | None = None
    refusing: tuple[str, ...] = ()
    refused: dict[str, int] = {}
    salvaged: int = 0
    set_aside_file: str = ""


class BoothsHealth(msgspec.Struct, frozen=True):
    """What a gateway knows of its booths.

    Attributes:
        schedule: Version of the schedule in force; 0 before the first.
        valid_until_ms: Until when it is valid.
        waiting: Events without receipt.
        refused_schedule: Why the last schedule was not taken; empty when it was.
    """

    schedule: int = 0
    valid_until_ms: int | None = None
    waiting: int = 0
    refused_schedule: str = ""


class Twin(enum.Enum):
    """Whether another machine speaks under a gateway's name, and to which of the two the platform listens."""

    NONE = "none"
    HEARD = "heard"
    PREFERRED = "preferred"


class ConfigRefusal(msgspec.Struct, frozen=True):
    """A desired configuration that is not in force, and why.

    Attributes:
        version: Its version; 0 if not even that could be read.
        reason: In words.
    """

    version: int
    reason: str


class GatewayHealth(msgspec.Struct, frozen=True):
    """A gateway, with the latest word of its agents.

    Attributes:
        gateway: Its identity.
        at_ms: When this was true, UTC milliseconds.
        started_at_ms: When the process started.
        epoch: Of its spool.
        next_seq: Sequence number the next reading gets; what the backend lacks below it is a hole.
        waiting: Readings in the spool without receipt.
        set_aside: Readings the backend refused, or that could not be read any more; kept for a person.
        refused: Payloads from agents that could not be understood, by reason.
        config_version: Of the desired configuration in force; 0 before the first.
        agents: The latest health of each agent.
        config_refused: The last desired configuration, if it was refused.
        commands: What became of each open command, and of the last ones before.
        spool: Its disk.
        clock: Its clock.
        booths: Its booths.
        problems: What a person should look at, in plain words; empty when all is well.
        uplink_denied: Topics the broker did not let it publish on.
        findings: What its own status page says, as codes, the worst first.
        certificate_ends_at_ms: When its certificate ends; None where it uses a password.
        instance: Random name of this process: two in turn under one identity are two gateways.
        every_s: How often it says so.
        certificate: Serial number of its certificate, hexadecimal; empty where it uses a password.
        twin: Whether another machine speaks under its name.
    """

    gateway: str
    at_ms: int
    started_at_ms: int
    epoch: str
    next_seq: int
    waiting: int
    set_aside: int
    refused: dict[str, int] = {}
    config_version: int = 0
    agents: tuple[AgentHealth, ...] = ()
    config_refused: ConfigRefusal | None = None
    commands: tuple[CommandResult, ...] = ()
    spool: SpoolHealth | None = None
    clock: ClockHealth | None = None
    booths: BoothsHealth | None = None
    problems: tuple[str, ...] = ()
    uplink_denied: tuple[str, ...] = ()
    instance: str = ""
    findings: tuple[str, ...] = ()
    certificate_ends_at_ms: int | None = None
    every_s: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 10.0
    certificate: str = ""
    twin: Twin = Twin.NONE


def encode_health(health: AgentHealth | GatewayHealth) -> bytes:
    """The message as JSON."""
    return msgspec.json.encode(health)


def decode_agent_health(payload: bytes) -> AgentHealth:
    """The agent's health in ``payload``.

    Raises:
        MessageError: It is none.
    """
    return decode_message(payload, AgentHealth)


def decode_gateway_health(payload: bytes) -> GatewayHealth:
    """The gateway's health in ``payload``.

    Raises:
        MessageError: It is none.
    """
    return decode_message(payload, GatewayHealth)
