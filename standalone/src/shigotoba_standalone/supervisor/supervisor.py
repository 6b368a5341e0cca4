"""All programs of one installation: their order, and their end.

Responsible for starting in the order it is asked to, and for stopping in reverse. Refuses to know what the programs
are for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final

from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.programs import Program, Running, manner
from shigotoba_standalone.supervisor.child import Child, until_end
from shigotoba_standalone.supervisor.logs import last_line, trim
from shigotoba_standalone.supervisor.status import ProcessStatus
from shigotoba_standalone.supervisor.ticks import ticks

READY_WITHIN_S: Final = 60.0
TRIM_EVERY_S: Final = 5.0


class Supervisor:
    """An asynchronous context: whatever was started in it is gone when it is left.

    Args:
        logs: Directory of the logs, one per program.
        say: Told in one line about everything a person would want to know.
        changed: Told the programs' states, in the order of their start, whenever one changes.
    """

    def __init__(
        self, logs: Path, say: Callable[[str], None], changed: Callable[[Sequence[ProcessStatus]], None]
    ) -> None:
        self._logs = logs
        self._say = say
        self._changed = changed
        self._children: list[Child] = []

    async def __aenter__(self) -> Supervisor:
        self._logs.mkdir(parents=True, exist_ok=True)
        self._trimming = asyncio.create_task(self._trim())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._trimming.cancel()
        for child in reversed(self._children):
            await child.stop()

    def start(self, program: Program) -> Child:
        """Start a program that serves; it is started again whenever it ends."""
        return self._add(program, until_done=False)

    def start_work(self, program: Program) -> Child:
        """Start a program that ends with status 0 when its work is done; it is started again until then."""
        return self._add(program, until_done=True)

    def hold(self, name: str, *, politely: bool) -> None:
        """End the program ``name`` and leave it down until ``release``."""
        self.named(name).hold(politely=politely)

    def release(self, name: str) -> None:
        """Start the program ``name`` again."""
        self.named(name).release()

    async def start_and_wait(self, program: Program) -> None:
        """Start a program that serves and return once it answers.

        Raises:
            StandaloneError: It does not answer, or refuses its settings.
        """
        await self.start(program).wait_ready(READY_WITHIN_S)

    async def run(self, program: Program) -> None:
        """Run a program to its end; one that is killed by a signal is run again.

        Raises:
            StandaloneError: It ended with another status than 0.
        """
        log = self._log(program)
        while (status := await _run_to_end(program, log)) < 0:
            self._say(f"{program.name} was killed ({manner(status)}) and is run again.")
        if status:
            raise StandaloneError(f"{program.name} failed: {last_line(log)} (see {log})")

    async def serve(self) -> None:
        """Wait for ever.

        Raises:
            StandaloneError: A program refuses its settings.
        """
        await asyncio.gather(self._trimming, *(child.ended() for child in self._children))

    def _add(self, program: Program, *, until_done: bool) -> Child:
        child = Child(program, self._log(program), self._say, self._report, until_done=until_done)
        self._children.append(child)
        return child

    def named(self, name: str) -> Child:
        """The program ``name``, which has been started."""
        return next(child for child in self._children if child.program.name == name)

    def _log(self, program: Program) -> Path:
        return self._logs / f"{program.name}.log"

    def _report(self) -> None:
        self._changed([child.status for child in self._children])

    async def _trim(self) -> None:
        async for _ in ticks(TRIM_EVERY_S):
            for child in self._children:
                trim(child.log)


async def _run_to_end(program: Program, log: Path) -> int:
    running = Running(program, log)
    try:
        return await until_end(running)
    finally:
        running.kill()
