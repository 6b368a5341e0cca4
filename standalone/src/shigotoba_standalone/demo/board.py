"""What the supervisor shows of the demo, kept up to date in one file.

Responsible for turning events into the status file. Refuses to fail: a full disk must not stop the demo.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from shigotoba_standalone.supervisor import ProcessStatus, Progress, Status, write_status


class Board:
    """The status as it is now; every change is written at once.

    Args:
        path: The status file.
        say: Told once when the file cannot be written.
    """

    def __init__(self, path: Path, say: Callable[[str], None]) -> None:
        self._path = path
        self._say = say
        self._trouble = ""
        self._status = Status(os.getpid())

    def step(self, text: str, progress: Progress) -> None:
        """Show what is being done."""
        self._set(step=text, steps=progress)

    def processes(self, states: Sequence[ProcessStatus]) -> None:
        """Show the programs."""
        self._set(processes=tuple(states))

    def address(self, address: str) -> None:
        """Show where the page is."""
        self._set(address=address)

    def phone(self, address: str, password_file: str) -> None:
        """Show where the phone app is, and where the password of the demo's people is kept."""
        self._set(phone=address, password_file=password_file)

    def history(self, progress: Progress) -> None:
        """Show how much of the past is loaded."""
        if progress != self._status.history:
            self._set(history=progress)

    def _set(self, **changes: Any) -> None:
        self._status = replace(self._status, **changes)
        try:
            write_status(self._path, self._status)
            self._trouble = ""
        except OSError as error:
            if not self._trouble:
                self._say(f"{self._path} cannot be written ({error.strerror}); the demo goes on without it.")
            self._trouble = str(error)


def read_history(path: Path) -> Progress | None:
    """What the simulator says about its history; None while there is nothing one could show."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Progress(int(found["done"]), int(found["total"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
