"""Which machines this runs on."""

from __future__ import annotations

import platform
import sys
from typing import Final

from shigotoba_standalone.errors import StandaloneError

MACHINES: Final = ("x86_64", "aarch64", "arm64")


def check_platform(system: str = sys.platform, machine: str | None = None) -> None:
    """Refuse what the embedded parts are not made for.

    Raises:
        StandaloneError: Not Linux on x86-64 or arm64.
    """
    machine = machine or platform.machine()
    if system != "linux" or machine not in MACHINES:
        raise StandaloneError(
            f"this is {system} on {machine}; the demo runs on Linux on x86-64 or arm64. "
            "Use such a machine, a virtual one or a container."
        )
