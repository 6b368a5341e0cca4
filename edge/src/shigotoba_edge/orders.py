"""Commands for this agent, as its gateway passes them on: carried out once, answered each time.

A gateway passes a command on until it has heard the answer, so the same one comes again when an answer was lost; it is
then answered from memory. After a restart of the agent a command may be carried out a second time: what can be asked
of an agent does no harm twice.

Responsible for telling commands apart and answering. Refuses to know how anything is done: who does it is handed in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from shigotoba_wire.commands import Command, CommandKind, CommandResult, Outcome, decode_commands, encode_commands
from shigotoba_wire.errors import MessageError
from shigotoba_wire.topics import COMMANDS, RESULTS

log = logging.getLogger(__name__)

REMEMBERED: Final = 100


class OrderError(Exception):
    """A command could not be carried out; the message says why, for the person who gave it."""


Carry = Callable[[Command], Awaitable[str]]
"""Carries a command out and says in words what was done; raises ``OrderError`` if it could not be."""


class AgentOrders:
    """The commands of one agent. ``ask`` is called on the loop; ``run`` is one task.

    Args:
        own: Who carries out what.
        publish: Sends a message of some kind to the gateway.
        now_ms: UTC milliseconds.
    """

    def __init__(
        self, own: Mapping[CommandKind, Carry], publish: Callable[[str, bytes], object], now_ms: Callable[[], int]
    ) -> None:
        self._own = own
        self._publish = publish
        self._now_ms = now_ms
        self._asked: asyncio.Queue[bytes] = asyncio.Queue()
        self._results: dict[str, CommandResult] = {}

    def ask(self, kind: str, payload: bytes) -> None:
        """Take a message of the gateway; called on the loop."""
        if kind == COMMANDS:
            self._asked.put_nowait(payload)
        else:
            log.warning("the gateway asks for %r, which this agent does not know", kind)

    async def run(self) -> None:
        """Carry out what is asked for, until cancelled."""
        while True:
            payload = await self._asked.get()
            try:
                commands = decode_commands(payload).commands
            except MessageError as error:
                log.warning("commands were refused: %s", error)
                continue
            for command in commands:
                result = self._results.get(command.command) or await self._carry_out(command)
                await asyncio.to_thread(self._publish, RESULTS, encode_commands(result))

    async def _carry_out(self, command: Command) -> CommandResult:
        outcome, detail = await self._outcome(command)
        log.info("command %s (%s): %s %s", command.command, command.kind.value, outcome.value, detail)
        result = CommandResult(command.command, outcome, self._now_ms(), detail)
        self._results[command.command] = result
        if len(self._results) > REMEMBERED:
            del self._results[next(iter(self._results))]
        return result

    async def _outcome(self, command: Command) -> tuple[Outcome, str]:
        carry = self._own.get(command.kind)
        if carry is None:
            return Outcome.REFUSED, f"an agent does not do {command.kind.value}"
        if self._now_ms() > command.not_after_ms:
            return Outcome.EXPIRED, "it came too late"
        try:
            return Outcome.DONE, await carry(command)
        except OrderError as error:
            return Outcome.FAILED, str(error)
