"""Commands of the backend: carried out once, here or by an agent, and answered in the gateway's health.

What has been begun is on disk before it is begun, so that no command is carried out twice; one that a restart of the
gateway cut off is reported as failed. A command for an agent is passed on again and again until the agent answers or
the command runs out; agents know a command they have had.

What the gateway does itself may take its time, as a certificate does over a slow line: it is done in a thread of its
own, one command after the other, and nobody waits for it.

Responsible for the life of a command. Refuses to know how anything is done: who does it is handed in.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from shigotoba_gateway.messages import Answer
from shigotoba_gateway.spool import Spool
from shigotoba_wire.commands import (
    Command,
    CommandKind,
    CommandResult,
    Commands,
    Outcome,
    decode_commands,
    encode_commands,
)
from shigotoba_wire.errors import MessageError
from shigotoba_wire.statements import load_statements

log = logging.getLogger(__name__)

_SQL: Final = load_statements("shigotoba_gateway", "orders.sql")

KEPT_AS: Final = "commands"
RESULTS_SHOWN: Final = 20
PASS_ON_EVERY_S: Final = 5.0
FORGET_AFTER_MS: Final = 30 * 24 * 3600 * 1000


class OrderError(Exception):
    """A command could not be carried out; the message says why, for the person who gave it."""


Carry = Callable[[Command], str]
"""Carries a command out and says in words what was done.

Raises:
    OrderError: It could not be.
"""

PassOn = Callable[[str, Commands], bool]


class Orders:
    """The commands of one gateway. ``take``, ``tick`` and ``answered`` may be called by different threads."""

    def __init__(
        self, spool: Spool, now_ms: Callable[[], int], own: Mapping[CommandKind, Carry], pass_on: PassOn
    ) -> None:
        self._spool = spool
        self._now_ms = now_ms
        self._own = own
        self._pass_on = pass_on
        self._passed_on_s = float("-inf")
        self._at_work = ""
        self._ended: queue.SimpleQueue[tuple[Outcome, str]] = queue.SimpleQueue()
        kept = spool.kept(KEPT_AS)
        self._open = Commands() if kept is None else decode_commands(kept)
        for result in self._results("under_way", {}):
            if result.outcome is Outcome.UNDER_WAY and not self._agent_of(result.command):
                self._note(result.command, Outcome.FAILED, "the gateway was started anew before this had ended")

    def take(self, payload: bytes) -> None:
        """Take the list of open commands."""
        try:
            self._open = decode_commands(payload)
        except MessageError as error:
            log.warning("commands were refused: %s", error)
            return
        self._spool.put(KEPT_AS, payload)

    def tick(self, now_s: float) -> None:
        """Begin what is open, note what has ended; ``now_s`` is monotonic."""
        if self._at_work and not self._ended.empty():
            self._note(self._at_work, *self._ended.get())
            self._at_work = ""
        again = now_s - self._passed_on_s >= PASS_ON_EVERY_S
        for command in self._open.commands:
            self._see_to(command, again)
        if again:
            self._passed_on_s = now_s

    def answered(self, answer: Answer) -> None:
        """Note what an agent says became of a command it was given."""
        result = answer.result
        if self._agent_of(result.command) == answer.agent:
            self._note(result.command, result.outcome, result.detail)

    def health(self) -> dict[str, Any]:
        """For the gateway's health."""
        return {"commands": tuple(self._results("latest", {"most": RESULTS_SHOWN}))}

    def forget(self) -> None:
        """Forget results of long ago; their commands have run out."""
        with self._spool.transaction() as connection:
            connection.execute(_SQL["forget"], {"before_ms": self._now_ms() - FORGET_AFTER_MS})

    def _see_to(self, command: Command, again: bool) -> None:
        known = self._result(command.command)
        if command.command == self._at_work or (known is not None and known.outcome is not Outcome.UNDER_WAY):
            return
        if self._now_ms() > command.not_after_ms:
            self._note(command.command, Outcome.EXPIRED, "nobody carried it out in time")
        elif command.agent:
            if known is None:
                self._note(command.command, Outcome.UNDER_WAY, f"passed on to {command.agent}")
            if known is None or again:
                self._pass_on(command.agent, Commands((command,)))
        elif known is None and not self._at_work:
            self._begin(command)

    def _begin(self, command: Command) -> None:
        carry = self._own.get(command.kind)
        if carry is None:
            self._note(command.command, Outcome.REFUSED, f"a gateway does not do {command.kind.value}; name an agent")
            return
        self._note(command.command, Outcome.UNDER_WAY, "")
        self._at_work = command.command
        # A daemon: where it is cut off by the end of the process, the next start says so.
        threading.Thread(target=self._carry_out, args=(command, carry), name="command", daemon=True).start()

    def _carry_out(self, command: Command, carry: Carry) -> None:
        try:
            self._ended.put((Outcome.DONE, carry(command)))
        except OrderError as error:
            self._ended.put((Outcome.FAILED, str(error)))
        except Exception as error:
            log.exception("command %s failed", command.command)
            self._ended.put((Outcome.FAILED, f"an error of the gateway's own ({error}); its log says more"))

    def _agent_of(self, name: str) -> str:
        return next((command.agent for command in self._open.commands if command.command == name), "")

    def _note(self, name: str, outcome: Outcome, detail: str) -> None:
        result = CommandResult(name, outcome, self._now_ms(), detail)
        row = {"command": name, "at_ms": result.at_ms, "result": encode_commands(result)}
        with self._spool.transaction() as connection:
            connection.execute(_SQL["keep"], row)
        log.info("command %s: %s %s", name, outcome.value, detail)

    def _result(self, name: str) -> CommandResult | None:
        with self._spool.transaction() as connection:
            row = connection.execute(_SQL["result"], {"command": name}).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=CommandResult)

    def _results(self, statement: str, bounds: dict[str, int]) -> list[CommandResult]:
        with self._spool.transaction() as connection:
            rows = connection.execute(_SQL[statement], bounds).fetchall()
        return [msgspec.json.decode(row[0], type=CommandResult) for row in rows]
