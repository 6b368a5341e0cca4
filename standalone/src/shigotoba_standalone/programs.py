"""What it takes to run one program: its command, its account, how it is asked to stop, how it shows that it is ready.

``Program`` is the value that the parts (PostgreSQL, brokers, our own processes) hand to the supervisor. ``Running`` is
the plain, blocking holder of one program, for tests and small tools.

Refuses to restart anything: that is the supervisor's trade.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from shigotoba_standalone import launch
from shigotoba_standalone.accounts import Account
from shigotoba_standalone.errors import StandaloneError

POLL_S: Final = 0.02


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Program:
    """One program to run.

    Attributes:
        name: Short and unique; also the name of its log.
        command: Absolute path of the executable and its arguments; never a secret.
        environment: Variables added to ours.
        account: Who it runs as; None for us.
        stop_signal: Asks it to finish its work and end.
        orphan_signal: Sent by the kernel when its parent dies.
        ready: Whether it answers now; must not block for long.
        mend: Run before each start, for what a killed predecessor may have left behind.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    ready: Callable[[], bool] = _always
    mend: Callable[[], None] | None = None

    def launch_command(self) -> list[str]:
        """The command that becomes the program and dies with the calling process (see ``launch``)."""
        other = self.account if self.account and self.account.uid != os.geteuid() else None
        account = f"{other.uid}:{other.gid}" if other else "-"
        step = [sys.executable, "-I", "-S", launch.__file__, str(os.getpid()), str(int(self.orphan_signal)), account]
        return [*step, *self.command]

    def launch_environment(self) -> dict[str, str]:
        """Our environment with the program's additions."""
        return {**os.environ, **self.environment}


def manner(ended: int) -> str:
    """An exit status in words."""
    if ended >= 0:
        return f"status {ended}"
    return f"signal {signal.Signals(-ended).name}" if -ended in set(signal.Signals) else f"signal {-ended}"


class Running:
    """One started program in a session of its own, its output in a file."""

    def __init__(self, program: Program, log: Path) -> None:
        self._program = program
        self._log = log
        if program.mend:
            program.mend()
        with log.open("ab") as output:
            self._process = self._start(output)

    def _start(self, output: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._program.launch_command(),
            env=self._program.launch_environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """Process id, also after the end."""
        return self._process.pid

    def wait_ready(self, within_s: float = 30.0) -> None:
        """Return as soon as the program answers.

        Raises:
            StandaloneError: It ended, or did not answer in time.
        """
        deadline = time.monotonic() + within_s
        while not self._program.ready():
            if self.status() is not None:
                raise StandaloneError(f"{self._program.name} ended with {self.status()}; see {self._log}")
            if time.monotonic() > deadline:
                raise StandaloneError(f"{self._program.name} does not answer after {within_s:g} s; see {self._log}")
            time.sleep(POLL_S)

    def status(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return self._process.poll()

    def ask_to_stop(self) -> None:
        """Send its stop signal; nothing happens if it has ended."""
        self._process.send_signal(self._program.stop_signal)

    def stop(self, grace_s: float = 10.0) -> int:
        """Ask it to stop, insist after ``grace_s`` seconds; its exit status."""
        self.ask_to_stop()
        try:
            return self._process.wait(grace_s)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        """SIGKILL and collect it; its exit status."""
        self._process.kill()
        return self._process.wait()
