"""The keeper: the small process in the terminal that keeps the supervisor alive and leaves nobody behind.

It starts the supervisor as a child, starts it again when a signal killed it, hands Ctrl-C on as a request to stop, and
is the process to which orphans fall (PR_SET_CHILD_SUBREAPER of prctl(2)), so that it can bury every one of them.

Responsible for lives and deaths. Refuses to know what the supervisor does.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from shigotoba_standalone.launch import PR_SET_CHILD_SUBREAPER, prctl
from shigotoba_standalone.programs import Program, manner
from shigotoba_standalone.supervisor.backoff import Backoff
from shigotoba_standalone.supervisor.logs import last_line, trim

TICK_S: Final = 0.1
ORPHANS_GRACE_S: Final = 3.0
STOP_WITHIN_S: Final = 60.0
STOPS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Keeper:
    """Keeps one program alive.

    Args:
        program: The supervisor.
        logs: Directory of the log that its errors go to.
        lock: Descriptor of the home's lock; the supervisor gets a share of it.
        line: Told each line the supervisor says, and what the keeper has to say.
        tick: Called ten times a second.
    """

    def __init__(
        self, program: Program, logs: Path, lock: int, line: Callable[[str], None], tick: Callable[[], None]
    ) -> None:
        self._program = program
        self._log = logs / f"{program.name}.log"
        self._lock = lock
        self._line = line
        self._tick = tick
        self._stops = 0
        self._started = 0.0

    def keep(self) -> int:
        """Run until the supervisor ends by itself or is told to stop; its exit status."""
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        self._log.parent.mkdir(parents=True, exist_ok=True)
        trim(self._log)
        for number in STOPS:
            signal.signal(number, self._on_stop)
        backoff = Backoff()
        while (ended := self._one_life()) < 0 and not self._stops:
            self._line(f"The supervisor was killed ({manner(ended)}) and is started again.")
            backoff = backoff.after(time.monotonic() - self._started)
            time.sleep(backoff.wait_s)
        if ended == 1:
            self._line(f"The supervisor failed: {last_line(self._log)} (see {self._log})")
        return ended if ended >= 0 else 1

    def _on_stop(self, _number: int, _frame: object) -> None:
        self._stops += 1

    def _one_life(self) -> int:
        self._started = time.monotonic()
        supervisor = self._start()
        try:
            with contextlib.closing(_Lines(supervisor, self._line)) as lines:
                return self._watch(supervisor, lines)
        finally:
            _end(supervisor)
            bury_orphans(ORPHANS_GRACE_S)

    def _watch(self, supervisor: subprocess.Popen[bytes], lines: _Lines) -> int:
        sent = 0
        while (ended := supervisor.poll()) is None:
            if self._stops > sent:
                self._hand_on_stop(supervisor, again=sent > 0)
                sent = self._stops
            lines.pass_on()
            self._tick()
            reap_others(supervisor.pid)
            time.sleep(TICK_S)
        lines.pass_on()
        self._tick()
        return ended

    def _hand_on_stop(self, supervisor: subprocess.Popen[bytes], *, again: bool) -> None:
        self._line("Killing what is left." if again else "Stopping; once more kills.")
        supervisor.send_signal(signal.SIGKILL if again else signal.SIGTERM)

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as errors:
            return subprocess.Popen(
                self._program.launch_command(),
                env=self._program.launch_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                pass_fds=(self._lock,),
            )


def _end(supervisor: subprocess.Popen[bytes]) -> None:
    """See the supervisor out; it is still there only if the console failed."""
    supervisor.terminate()
    try:
        supervisor.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        supervisor.kill()
        supervisor.wait()


class _Lines:
    """The lines a child writes, handed on whole, never waited for."""

    def __init__(self, child: subprocess.Popen[bytes], line: Callable[[str], None]) -> None:
        if child.stdout is None:
            raise ValueError("the child's output is not a pipe")
        self._pipe = child.stdout
        self._line = line
        self._rest = b""
        os.set_blocking(self._pipe.fileno(), False)

    def pass_on(self) -> None:
        *whole, self._rest = (self._rest + (self._pipe.read() or b"")).split(b"\n")
        for each in whole:
            self._line(each.decode(errors="replace"))

    def close(self) -> None:
        self._pipe.close()


def children() -> Iterator[int]:
    """Process ids of everybody whose parent we are."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and _parent_of(entry) == os.getpid():
            yield int(entry.name)


def _parent_of(entry: Path) -> int | None:
    """From ``/proc/<pid>/stat``: state and parent follow the name, which is in brackets and may hold anything."""
    try:
        return int((entry / "stat").read_bytes().rpartition(b")")[2].split()[1])
    except OSError:
        return None


def reap_others(kept: int) -> None:
    """Collect every child that has ended, but for ``kept``, whose end its owner collects."""
    while (ended := _peek()) not in (None, kept):
        os.waitpid(ended, 0)


def _peek() -> int | None:
    """A child that has ended and waits to be collected."""
    try:
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return found.si_pid if found else None


def bury_orphans(grace_s: float) -> None:
    """Wait until no child is left; those that remain after ``grace_s`` seconds are killed."""
    deadline = time.monotonic() + grace_s
    while left := list(children()):
        for pid in left:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, os.WNOHANG)
        time.sleep(TICK_S / 2)
