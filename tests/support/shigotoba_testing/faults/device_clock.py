"""The device's clock, which a fault may set: a file of eight bytes that ``another_clock`` reads.

Responsible for the file and for the environment that makes the device's programs heed it. Refuses to know why.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "another_clock"


class DeviceClock:
    """One clock for edge agent and gateway, as on one board."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set(0.0)

    def set(self, ahead_s: float) -> None:
        """So many seconds ahead of the true time from now on."""
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("d", ahead_s))

    def environment(self) -> Mapping[str, str]:
        """For the programs."""
        path = os.pathsep.join(filter(None, [str(_FOLDER), os.environ.get("PYTHONPATH")]))
        return {"PYTHONPATH": path, "SHIGOTOBA_FAULTS_CLOCK": str(self._file)}
