"""How each kind of fault is done to a running demo.

Responsible for doing it and for undoing what lasts. Refuses to choose and to judge.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from shigotoba_testing.faults.plan import Fault, Kind
from shigotoba_testing.faults.relay import Relay
from shigotoba_testing.faults.repeats import Repeater
from shigotoba_testing.product import Demo
from shigotoba_testing.waiting import until

SESSIONS: Final = {"broker-local": "local/mosquitto.db", "broker-upstream": "upstream/mosquitto.db"}
ROOM_LEFT_BYTES: Final = 20_000
"""A full disk still has a little room: enough to begin a write and not to end it."""


class Acts:
    """What can be done to ``demo``, whose gateway reaches the upstream broker through ``relay``."""

    def __init__(self, demo: Demo, relay: Relay, repeater: Repeater) -> None:
        self._demo, self._relay, self._repeater = demo, relay, repeater
        self._instants: dict[Kind, Callable[[str], None]] = {
            Kind.KILL: lambda name: self._end(name, signal.SIGKILL),
            Kind.RESTART: lambda name: self._end(name, signal.SIGINT),
            Kind.WIPE: self._wipe,
            Kind.REPEAT: lambda _name: self._repeater.repeat(),
        }
        self._spells = {Kind.PAUSE: self._paused, Kind.FULL: self._full, Kind.CUT: self._cut, Kind.STALL: self._silent}

    def do(self, fault: Fault) -> None:
        """Breaks it, and mends what does not mend itself after the fault's time."""
        if fault.kind in self._instants:
            self._instants[fault.kind](fault.name)
        else:
            with self._spells[fault.kind](fault.name):
                time.sleep(fault.lasts_s)

    def _pid(self, name: str) -> int:
        until(lambda: name in self._demo.pids(), what=f"the process {name}")
        return self._demo.pids()[name]

    def _end(self, name: str, how: signal.Signals) -> None:
        """A process that is just being started again is waited for: a fault needs somebody to meet."""
        pid = self._pid(name)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        until(lambda: self._demo.pids().get(name, pid) != pid, what=f"the return of {name}")

    def _wipe(self, name: str) -> None:
        (self._demo.home / "brokers" / SESSIONS[name]).unlink(missing_ok=True)
        self._end(name, signal.SIGKILL)

    @contextmanager
    def _paused(self, name: str) -> Iterator[None]:
        pid = self._pid(name)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
        yield
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    @contextmanager
    def _full(self, name: str) -> Iterator[None]:
        """No file of the process may grow any more."""
        pid = self._pid(name)
        largest = max(path.stat().st_size for path in _spool_files(self._demo))
        with _unless_gone():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest + ROOM_LEFT_BYTES, resource.RLIM_INFINITY))
        yield
        with _unless_gone():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    @contextmanager
    def _cut(self, _name: str) -> Iterator[None]:
        self._relay.cut()
        yield
        self._relay.mend()

    @contextmanager
    def _silent(self, _name: str) -> Iterator[None]:
        self._relay.silence()
        yield
        self._relay.mend()


def _unless_gone() -> contextlib.suppress:
    """A process that died meanwhile needs no limit lifted: its successor has none."""
    return contextlib.suppress(ProcessLookupError)


def _spool_files(demo: Demo) -> list[Path]:
    settings = tomllib.loads((demo.home / "settings" / "gateway.toml").read_text(encoding="utf-8"))
    spool = Path(settings["spool"])
    return list(spool.parent.glob(f"{spool.name}*"))
