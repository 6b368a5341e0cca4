"""One supervised program: started, watched, started again when it dies, and stopped.

Responsible for one program's life. Refuses to know the others: order is the supervisor's.

The watch polls: ten programs, ten times a second, cost nothing, and no signal handler, thread or child watcher stands
between a death and its being noticed. Programs are started from the event loop's thread, which is the main one; see
``launch`` for why that matters.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.programs import Program, Running, manner
from shigotoba_standalone.supervisor.backoff import Backoff
from shigotoba_standalone.supervisor.logs import last_line
from shigotoba_standalone.supervisor.status import ProcessStatus, State
from shigotoba_standalone.supervisor.ticks import ticks

POLL_S: Final = 0.1
GRACE_S: Final = 10.0
REFUSES_SETTINGS: Final = 2
"""Exit status by which our programs say that no restart will help."""


class Child:
    """One program under supervision.

    Args:
        program: What to run.
        log: Where its output goes.
        say: Told in one line about a death or a failed start.
        changed: Told when ``status`` has changed.
        until_done: Whether an end with status 0 is the end; else the program is started again.
    """

    def __init__(
        self,
        program: Program,
        log: Path,
        say: Callable[[str], None],
        changed: Callable[[], None],
        *,
        until_done: bool = False,
    ) -> None:
        self.program = program
        self.log = log
        self._say = say
        self._changed = changed
        self._until_done = until_done
        self._running: Running | None = None
        self._allowed = asyncio.Event()
        self._allowed.set()
        self.status = ProcessStatus(program.name, State.STARTING, None, 0, "", "")
        self._life = asyncio.create_task(self._live(), name=program.name)

    async def ended(self) -> None:
        """Return when the program has done its work; a program that serves never has.

        Raises:
            StandaloneError: It refuses its settings.
        """
        await asyncio.shield(self._life)

    async def wait_ready(self, within_s: float) -> None:
        """Return as soon as it answers.

        Raises:
            StandaloneError: It does not within ``within_s`` seconds, or it refuses its settings.
        """
        async for _ in ticks(POLL_S, within_s):
            if self._life.done():
                return await self.ended()
            if self._running and await asyncio.to_thread(self.program.ready):
                return None
        raise StandaloneError(
            f"{self.program.name} does not answer after {within_s:g} s: {last_line(self.log)} (see {self.log})"
        )

    async def stop(self, grace_s: float = GRACE_S) -> None:
        """Ask it to stop, insist after ``grace_s`` seconds, and leave nothing of its process group."""
        self._life.cancel()
        await asyncio.gather(self._life, return_exceptions=True)  # what it raised is for ``ended``
        if self._running:
            self._running.ask_to_stop()
            await self._wait_for_end(self._running, grace_s)
            _sweep(self._running)
        self._note(State.STOPPED)

    def hold(self, *, politely: bool) -> None:
        """End it and do not start it again until ``release``; asked to stop, or killed with all it has started."""
        self._allowed.clear()
        if self._running and politely:
            self._running.ask_to_stop()
        elif self._running:
            _sweep(self._running)

    def release(self) -> None:
        """Let it be started again."""
        self._allowed.set()

    async def _live(self) -> None:
        backoff = Backoff()
        while True:
            await self._allowed.wait()
            started = time.monotonic()
            ended = await self._run_once()
            if self._until_done and ended == 0:
                return self._note(State.DONE)
            if ended == REFUSES_SETTINGS:
                raise StandaloneError(f"{self.program.name} cannot work: {last_line(self.log)}")
            backoff = backoff.after(time.monotonic() - started)
            await asyncio.sleep(backoff.wait_s)
            self._note(State.STARTING, restarts=self.status.restarts + 1)

    async def _run_once(self) -> int | None:
        """Start it and wait for its end: the exit status, or None if it could not be started."""
        try:
            running = self._running = Running(self.program, self.log)
        except (StandaloneError, OSError) as error:
            self._say(f"{self.program.name} cannot be started yet: {error}")
            self._note(State.WAITING, last_end=str(error))
            return None
        self._note(State.RUNNING, pid=running.pid, started_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
        ended = await until_end(running)
        _sweep(running)
        self._running = None
        if not (self._until_done and ended == 0):
            self._say(f"{self.program.name} ended ({manner(ended)}) and is started again.")
        self._note(State.WAITING, last_end=manner(ended))
        return ended

    async def _wait_for_end(self, running: Running, grace_s: float) -> None:
        async for _ in ticks(POLL_S, grace_s):
            if running.status() is not None:
                return
        self._say(f"{self.program.name} did not stop within {grace_s:g} s and was killed.")

    def _note(self, state: State, **changes: Any) -> None:
        self.status = replace(self.status, **{"state": state, "pid": None, **changes})
        self._changed()


async def until_end(running: Running) -> int:
    """The exit status of ``running``, once it has one."""
    async for _ in ticks(POLL_S):
        if (ended := running.status()) is not None:
            return ended
    raise AssertionError("ticks without end have ended")


def _sweep(running: Running) -> None:
    """Kill what is left of the program's process group, itself included."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.kill()
