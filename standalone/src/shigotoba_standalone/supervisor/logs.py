"""Logs with a bound: programs write straight into their files, and a file that grew too big is set back.

The programs hold the files open in append mode, so the file is copied and cut, not renamed. Nothing of a program's
output passes through the supervisor: it cannot slow anybody down or lose a line by dying.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Final

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of one log; its predecessor, ``<name>.log.1``, is as large again."""


def trim(log: Path, largest: int = LARGEST) -> None:
    """Set ``log`` back to nothing if it is larger than ``largest`` bytes, keeping what it held as ``<name>.log.1``."""
    if log.exists() and log.stat().st_size > largest:
        with contextlib.suppress(OSError):  # no room for the copy: the bound matters more than the old lines
            shutil.copyfile(log, log.with_name(f"{log.name}.1"))
        os.truncate(log, 0)


def last_line(log: Path) -> str:
    """The last line that says anything, to explain an end."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
