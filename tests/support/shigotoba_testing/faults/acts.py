"""How each kind of fault is done to a running demo.

Responsible for doing it and for undoing what lasts. Refuses to choose and to judge.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import resource
import signal
import time
import tomllib
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

import psycopg

from shigotoba_testing.faults.device_clock import DeviceClock
from shigotoba_testing.faults.disks import Disks
from shigotoba_testing.faults.plan import Fault, Kind
from shigotoba_testing.faults.relay import Relay
from shigotoba_testing.faults.repeats import Repeater
from shigotoba_testing.product import Demo
from shigotoba_testing.waiting import until

SESSIONS: Final = {"broker-local": "brokers/local/mosquitto.db", "broker-upstream": "brokers/upstream/mosquitto.db"}
ROOM_LEFT_BYTES: Final = 20_000
"""A full disk still has a little room: enough to begin a write and not to end it."""

OWN_FILES: Final = {"gateway": "spool", "edge": "outbox"}
"""The key in its settings that names the file a process must be able to write."""

JUMPS_S: Final = (-120.0, 120.0)
"""Back and ahead, within what the platform believes of a sender's clock."""


class Acts:
    """What can be done to ``demo``.

    Args:
        demo: The product.
        relay: Through which its gateway reaches the upstream broker.
        repeater: Sends batches again.
        clock: Of the board with agent and gateway.
        disks: Of brokers and database.
    """

    def __init__(self, demo: Demo, relay: Relay, repeater: Repeater, clock: DeviceClock, disks: Disks) -> None:
        self._demo, self._relay, self._repeater, self._clock, self._disks = demo, relay, repeater, clock, disks
        self._jumps_s = itertools.cycle(JUMPS_S)
        self._instants: dict[Kind, Callable[[str], None]] = {
            Kind.KILL: lambda name: self._end(name, signal.SIGKILL),
            Kind.RESTART: lambda name: self._end(name, signal.SIGINT),
            Kind.WIPE: self._wipe,
            Kind.REPEAT: lambda _name: self._repeater.repeat(),
        }
        self._spells: dict[Kind, Callable[[str], AbstractContextManager[None]]] = {
            Kind.PAUSE: self._paused,
            Kind.FULL: self._full,
            Kind.CUT: self._cut,
            Kind.STALL: self._silent,
            Kind.JUMP: self._jumped,
        }

    def can(self, fault: Fault) -> bool:
        """Whether this machine lets us do it."""
        return self._disks.small or fault.kind is not Kind.FULL or fault.name in OWN_FILES

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
        self._disks.seen(self._demo, self._demo.home / SESSIONS[name]).unlink(missing_ok=True)
        self._end(name, signal.SIGKILL)

    @contextmanager
    def _paused(self, name: str) -> Generator[None]:
        pid = self._pid(name)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
        yield
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    def _full(self, name: str) -> AbstractContextManager[None]:
        return self._no_growth(name) if name in OWN_FILES else self._disk_full(name)

    @contextmanager
    def _no_growth(self, name: str) -> Generator[None]:
        """No file of the process may grow any more."""
        pid = self._pid(name)
        largest = max(path.stat().st_size for path in _own_files(self._demo, name))
        with _unless_gone():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest + ROOM_LEFT_BYTES, resource.RLIM_INFINITY))
        yield
        with _unless_gone():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    @contextmanager
    def _disk_full(self, name: str) -> Generator[None]:
        """Who works meanwhile finds no room by chance; at the end it is asked for, while there is still none."""
        with self._disks.filled(self._demo, name):
            yield
            if name in SESSIONS:
                self._end(name, signal.SIGTERM)
            else:
                self._exhaust_the_log()

    def _exhaust_the_log(self) -> None:
        """The database's log goes on until it has used up the files it keeps ready, and the server ends in panic."""
        with contextlib.suppress(psycopg.Error), self._demo.connect() as conn:
            while True:
                conn.execute("SELECT pg_logical_emit_message(true, 'faults', 'more'), pg_switch_wal()")

    @contextmanager
    def _jumped(self, _name: str) -> Generator[None]:
        """The clock is set wrong and, later, right again: two jumps."""
        self._clock.set(next(self._jumps_s))
        yield
        self._clock.set(0.0)

    @contextmanager
    def _cut(self, _name: str) -> Generator[None]:
        self._relay.cut()
        yield
        self._relay.mend()

    @contextmanager
    def _silent(self, _name: str) -> Generator[None]:
        self._relay.silence()
        yield
        self._relay.mend()


def _unless_gone() -> contextlib.suppress:
    """A process that died meanwhile needs no limit lifted: its successor has none."""
    return contextlib.suppress(ProcessLookupError)


def _own_files(demo: Demo, name: str) -> list[Path]:
    settings = tomllib.loads((demo.home / "settings" / f"{name}.toml").read_text(encoding="utf-8"))
    own = Path(settings[OWN_FILES[name]])
    return list(own.parent.glob(f"{own.name}*"))
