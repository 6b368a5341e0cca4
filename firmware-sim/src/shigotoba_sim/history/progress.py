"""How far the history has come, in a file that a progress bar can read at any moment.

Responsible for ``history.json``: replaced as a whole, never half-written. Refuses to say where to go on: the outbox
alone knows that.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec


class Progress(msgspec.Struct, frozen=True):
    """The state of the history.

    Attributes:
        stream: Name of the sequence of readings; another building or time has another.
        done: Readings stored by the backend, or refused by it.
        total: Readings there are.
        finished: Whether all are done.
        refused: Readings the backend refused; they are kept in the outbox for a person.
    """

    stream: str
    done: int
    total: int
    finished: bool
    refused: int = 0


def read_progress(path: Path) -> Progress | None:
    """The progress in ``path``; None if there is no such file yet.

    Raises:
        msgspec.MsgspecError: The file is not one of ours.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Progress)
    except FileNotFoundError:
        return None


def write_progress(path: Path, progress: Progress) -> None:
    """Replace the content of ``path``; after a power cut it is the old or the new one."""
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        file.write(msgspec.json.encode(progress))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
