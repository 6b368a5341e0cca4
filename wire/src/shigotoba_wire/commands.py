"""What a gateway or one of its agents is told to do once, and what became of it.

The commands that are open stand in one retained message per gateway; each has a name, and a gateway that has carried
one out never does so again, also after a restart. Its health answers for each. On the local broker a gateway passes a
command on until the agent has answered or the command has run out.

Responsible for the messages. Refuses to carry anything out.
"""

from __future__ import annotations

import enum
from typing import Annotated, Final

import msgspec

from shigotoba_wire.decoding import decode_message

MAX_COMMANDS: Final = 50


class CommandKind(enum.Enum):
    """What can be asked for."""

    RESTART_DRIVER = "restart_driver"
    IDENTIFY = "identify"
    ROTATE_CERTIFICATE = "rotate_certificate"


class Outcome(enum.Enum):
    """What became of a command."""

    UNDER_WAY = "under_way"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    EXPIRED = "expired"


class Command(msgspec.Struct, frozen=True):
    """Something to do once.

    Attributes:
        command: Its name, unique for ever.
        kind: What to do.
        not_after_ms: Not to be begun later, UTC milliseconds.
        agent: Which agent does it; empty for the gateway itself.
        driver: Which driver, where the kind asks for one.
    """

    command: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    kind: CommandKind
    not_after_ms: int
    agent: str = ""
    driver: str = ""


class Commands(msgspec.Struct, frozen=True):
    """All open commands of one gateway, retained; or those passed on to one agent."""

    commands: Annotated[tuple[Command, ...], msgspec.Meta(max_length=MAX_COMMANDS)] = ()


class CommandResult(msgspec.Struct, frozen=True):
    """What became of a command.

    Attributes:
        command: Its name.
        outcome: In one word.
        at_ms: Since when, UTC milliseconds.
        detail: In words a person understands; empty where the word is enough.
    """

    command: str
    outcome: Outcome
    at_ms: int
    detail: str = ""


def encode_commands(message: Commands | CommandResult) -> bytes:
    """The message as JSON."""
    return msgspec.json.encode(message)


def decode_commands(payload: bytes) -> Commands:
    """The commands in ``payload``.

    Raises:
        MessageError: They are none.
    """
    return decode_message(payload, Commands)


def decode_result(payload: bytes) -> CommandResult:
    """The result in ``payload``.

    Raises:
        MessageError: It is none.
    """
    return decode_message(payload, CommandResult)
