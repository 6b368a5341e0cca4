"""What a power cut would leave of files that this process has written: what was synced, under the names that were.

Responsible for noting what is synced, really. Refuses to cut any power.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest


class Disk:
    """Notes each fsync of this process from now on.

    Attributes:
        synced: By inode, the size of a file or the names in a directory at that moment.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.synced: dict[int, int | set[str]] = {}
        self._fsync = os.fsync
        monkeypatch.setattr(os, "fsync", self._note)

    def _note(self, descriptor: int) -> None:
        self._fsync(descriptor)
        place = Path(f"/proc/self/fd/{descriptor}")
        status = place.stat()
        self.synced[status.st_ino] = set(os.listdir(descriptor)) if place.is_dir() else status.st_size

    def has(self, file: Path) -> bool:
        """Whether all of ``file`` would be there, and under its name."""
        status = file.stat()
        return self.synced.get(status.st_ino) == status.st_size and self.names(file)

    def names(self, path: Path) -> bool:
        """Whether ``path`` would still be known by its name."""
        names = self.synced.get(path.parent.stat().st_ino)
        return isinstance(names, set) and path.name in names
