"""The private D-Bus of the simulated machine: the daemon's where one is installed, else our own.

Responsible for choosing and for the socket's address. Both kinds are a ``Bus``: open it, watch it, close it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from shigotoba_sim.faces.bus.daemon import DaemonBus
from shigotoba_sim.faces.bus.own import OwnBus
from shigotoba_wire.errors import SettingsError

__all__ = ["Bus", "DaemonBus", "OwnBus", "bus_address", "open_bus"]

MAX_SOCKET_PATH_BYTES = 107
"""``sun_path`` of unix(7) less its final zero."""


class Bus(Protocol):
    """A running message bus on a unix socket."""

    async def open(self) -> None:
        """Bind the socket, replacing a stale one, and accept connections."""
        ...

    async def died(self) -> str:
        """Wait until the bus has ended without being asked to; say how."""
        ...

    async def close(self) -> None:
        """End the bus and remove its socket."""
        ...


async def open_bus(socket: Path) -> Bus:
    """An opened bus on ``socket``.

    Raises:
        SettingsError: The path is longer than a unix socket's may be, or its folder cannot be written.
    """
    length = len(bytes(socket))
    if length > MAX_SOCKET_PATH_BYTES:
        raise SettingsError(
            f"dbus_socket: {socket} has {length} bytes, a unix socket at most {MAX_SOCKET_PATH_BYTES}. "
            "Choose a shorter folder."
        )
    daemon = shutil.which("dbus-daemon")
    bus: Bus = DaemonBus(socket, Path(daemon)) if daemon else OwnBus(socket)
    try:
        await bus.open()
    except OSError as error:
        raise SettingsError(
            f"dbus_socket: {socket} cannot be made ({error}). Choose a folder you can write."
        ) from error
    return bus


def bus_address(socket: Path) -> str:
    """The D-Bus address of a unix socket, as ``DBUS_SYSTEM_BUS_ADDRESS`` wants it."""
    return f"unix:path={quote(str(socket), safe='/')}"
