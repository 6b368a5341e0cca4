"""Serial ports of this machine, by the names that do not change.

Responsible for what udev and the lock tell. Refuses to write to a port: what is behind it is not known yet.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Final

import msgspec

from shigotoba_edge.serial_ports import trouble

BY_ID: Final = Path("/dev/serial/by-id")
LIKELY: Final = {"enocean": "enocean", "usb400": "enocean", "ft232": "enocean", "rs485": "modbus", "rs-485": "modbus"}
"""Parts of names, in lower case, and the driver that probably belongs to them; a USB400J shows its FT232 chip."""


class Port(msgspec.Struct, frozen=True):
    """A serial port.

    Attributes:
        path: Its stable name.
        kind: The driver that probably belongs to it; empty when the name tells nothing.
        trouble: Why it cannot be used now; empty when it can.
    """

    path: Path
    kind: str
    trouble: str


def ports(folder: Path = BY_ID) -> list[Port]:
    """The ports, by name."""
    if not folder.is_dir():
        return []
    return [Port(path, _kind(path.name), _trouble(path)) for path in sorted(folder.iterdir())]


def _kind(name: str) -> str:
    return next((kind for part, kind in LIKELY.items() if part in name.lower()), "")


def _trouble(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError as error:
        return trouble(str(path), error)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return trouble(str(path), error)
    finally:
        os.close(descriptor)
    return ""
