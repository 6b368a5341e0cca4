"""The disks of a demo's brokers and of its database: small ones, where this machine lets us make them.

Responsible for which directory has which disk, and for the way there from outside. Refuses to choose when one is full.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from shigotoba_testing.faults import small_disks
from shigotoba_testing.product import Demo

_MIB: Final = 2**20
PLACES: Final = {"broker-local": "brokers/local", "broker-upstream": "brokers/upstream", "postgres": "postgres"}
SIZES_BYTES: Final = {"broker-local": 16 * _MIB, "broker-upstream": 16 * _MIB, "postgres": 512 * _MIB}
"""Much more than a run of minutes writes; while a disk is full, what was free of it is taken from the memory."""

ROOM_LEFT_BYTES: Final = {"broker-local": 0, "broker-upstream": 0, "postgres": 20_000}
"""The database may begin to write and not end it; a broker's few sessions would find their place in less."""


class Disks:
    """Of the demo in ``home``, which begins with ``prefix``."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.small = small_disks.possible()

    @property
    def prefix(self) -> Sequence[str]:
        """What stands before the demo's command."""
        return small_disks.command({self._home / PLACES[name]: SIZES_BYTES[name] for name in PLACES}, ())

    def open(self, demo: Demo) -> None:
        """Leads whoever connects from outside to the socket of the running demo's database."""
        socket = self._home / "postgres" / "socket"
        if self.small:
            socket.symlink_to(self.seen(demo, socket))

    def seen(self, demo: Demo, path: Path) -> Path:
        """The way to what the demo has at ``path``."""
        return small_disks.seen_by(demo.process.pid, path) if self.small else path

    def filled(self, demo: Demo, name: str) -> AbstractContextManager[None]:
        """The disk of process ``name`` is full."""
        return small_disks.filled(self.seen(demo, self._home / PLACES[name]), ROOM_LEFT_BYTES[name])
