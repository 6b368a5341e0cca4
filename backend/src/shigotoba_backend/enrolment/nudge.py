"""The nudge to a broker on this machine to read its files anew.

SIGHUP ends a process that does not catch it, and mosquitto listens some time before it does: whoever asks one that is
just starting would end it.

Responsible for asking without harm. Refuses to know what the broker reads.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

PROCESSES: Final = Path("/proc")
STARTS_WITHIN_S: Final = 5.0
LOOK_EVERY_S: Final = 0.05


def nudge(pid_file: Path) -> None:
    """Ask the broker to read its files anew (SIGHUP); one that does not run will read them when it starts."""
    try:
        broker = int(pid_file.read_text(encoding="ascii"))
        if not _minds_hangup(broker):
            log.warning("the broker of %s is still starting after %s s and was not asked", pid_file, STARTS_WITHIN_S)
            return
        os.kill(broker, signal.SIGHUP)
    except (OSError, ValueError) as error:
        log.warning("the broker of %s could not be asked to read its files anew: %s", pid_file, error)


def _minds_hangup(broker: int) -> bool:
    """Whether it catches SIGHUP, at the latest after a while: mosquitto listens before it does, and would end."""
    until_s = time.monotonic() + STARTS_WITHIN_S
    while not catches_hangup(broker):
        if time.monotonic() > until_s:
            return False
        time.sleep(LOOK_EVERY_S)
    return True


def catches_hangup(process: int) -> bool:
    """Whether SIGHUP does not end ``process``, by the mask in /proc (proc(5), SigCgt); yes where there is no /proc.

    Raises:
        ProcessLookupError: There is no such process.
    """
    if not PROCESSES.is_dir():
        return True
    try:
        told = (PROCESSES / str(process) / "status").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ProcessLookupError(f"process {process} does not run") from None
    mask = next(line.split()[1] for line in told.splitlines() if line.startswith("SigCgt:"))
    return bool(int(mask, 16) >> (signal.SIGHUP - 1) & 1)
