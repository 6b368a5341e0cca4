"""What an agent's message says, or why it cannot be taken.

Responsible for telling batches, health, results of commands and nonsense apart. Pure; refuses to keep or to answer.
"""

from __future__ import annotations

import msgspec

from shigotoba_wire.commands import CommandResult, decode_result
from shigotoba_wire.errors import MessageError, Refusal
from shigotoba_wire.health import AgentHealth, decode_agent_health
from shigotoba_wire.readings import Batch
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.topics import HEALTH, READINGS, RESULTS, Channel, local, parse_up


class Refused(msgspec.Struct, frozen=True):
    """A message that cannot be taken; ``agent`` is None where not even its topic names one."""

    agent: str | None
    payload: bytes
    reason: Refusal
    detail: str


class Answer(msgspec.Struct, frozen=True):
    """What an agent says became of a command."""

    agent: str
    result: CommandResult


Message = Batch | AgentHealth | Answer


def understand(topic: str, payload: bytes, gateway: str) -> Message | Refused:
    """The message as what it is."""
    agent = None
    try:
        channel, kind = parse_up(topic)
        agent = _own_agent(channel, gateway)
        return _decode(kind, payload, agent, gateway)
    except MessageError as error:
        return Refused(agent, payload, error.reason, error.detail)


def _own_agent(channel: Channel, gateway: str) -> str:
    if channel != local(gateway, channel.sender):
        raise MessageError(Refusal.BAD_TOPIC, f"{channel.base} is not a channel of {gateway}")
    return channel.sender


def _decode(kind: str, payload: bytes, agent: str, gateway: str) -> Message:
    if kind == READINGS:
        batch = decode_batch(payload)
        _check_sender(f"{batch.scope}/{batch.sender}", f"{gateway}/{agent}")
        return batch
    if kind == HEALTH:
        health = decode_agent_health(payload)
        _check_sender(health.agent, agent)
        return health
    if kind == RESULTS:
        return Answer(agent, decode_result(payload))
    raise MessageError(Refusal.BAD_TOPIC, f"nothing is known of messages of kind {kind!r}")


def _check_sender(said: str, published_as: str) -> None:
    if said != published_as:
        raise MessageError(Refusal.WRONG_SENDER, f"says it is from {said}, was published by {published_as}")
