"""How drivers, devices, agents and gateways are doing: the numbers behind "what is broken".

Health is state, not history: each message replaces the last one of its sender, and a lost one is not sent again.

Responsible for the messages. Refuses to judge (when a device counts as dead is the backend's business).
"""

from __future__ import annotations

import enum
from typing import TypeVar

import msgspec

from shigotoba_wire.errors import MessageError, Refusal

Message = TypeVar("Message", bound=msgspec.Struct)


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
    """

    agent: str
    at_ms: int
    started_at_ms: int
    epoch: str
    next_seq: int
    waiting: int
    drivers: tuple[DriverHealth, ...] = ()
    devices: tuple[DeviceHealth, ...] = ()


class GatewayHealth(msgspec.Struct, frozen=True):
    """A gateway, with the latest word of its agents.

    Attributes:
        gateway: Its identity.
        at_ms: When this was true, UTC milliseconds.
        started_at_ms: When the process started.
        epoch: Of its spool.
        next_seq: Sequence number the next reading gets; what the backend lacks below it is a hole.
        waiting: Readings in the spool without receipt.
        set_aside: Readings the backend refused, kept for a person.
        refused: Payloads from agents that could not be understood, by reason.
        config_version: Of the desired configuration in force; 0 before the first.
        agents: The latest health of each agent.
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


def encode_health(health: AgentHealth | GatewayHealth) -> bytes:
    """The message as JSON."""
    return msgspec.json.encode(health)


def decode_agent_health(payload: bytes) -> AgentHealth:
    """The agent's health in ``payload``.

    Raises:
        MessageError: It is none.
    """
    return _decode(payload, AgentHealth)


def decode_gateway_health(payload: bytes) -> GatewayHealth:
    """The gateway's health in ``payload``.

    Raises:
        MessageError: It is none.
    """
    return _decode(payload, GatewayHealth)


def _decode(payload: bytes, kind: type[Message]) -> Message:
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MessageError(Refusal.MALFORMED, f"{kind.__name__}: {error}") from error
