"""What the supervisor shows: a small file, replaced whole at every change.

Responsible for the structs and the file. Refuses to be a way in: nobody steers the supervisor by it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any


class State(StrEnum):
    """Where a program is in its life."""

    STARTING = "starting"
    RUNNING = "running"
    WAITING = "waiting to start again"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True)
class ProcessStatus:
    """One program.

    Attributes:
        name: As in its log's name.
        state: Where it is in its life.
        pid: Process id, while it runs.
        restarts: How often it was started again.
        started_at: When it was started last, ISO 8601, UTC.
        last_end: How it ended last; empty if it never did.
    """

    name: str
    state: State
    pid: int | None
    restarts: int
    started_at: str
    last_end: str


@dataclass(frozen=True)
class Progress:
    """Work of known size: ``done`` of ``total`` units."""

    done: int
    total: int


@dataclass(frozen=True)
class Status:
    """Everything there is to show.

    Attributes:
        pid: Of the supervisor.
        step: What is being done, for a person.
        steps: How many steps of the start are done.
        address: Where the dashboard answers; empty until it does.
        history: How much of the history is loaded; None before it begins.
        processes: In the order of their start.
        phone: Where the phone app answers.
        password_file: Its first line is the password of the demo's people.
    """

    pid: int
    step: str = ""
    steps: Progress = Progress(0, 0)
    address: str = ""
    history: Progress | None = None
    processes: tuple[ProcessStatus, ...] = ()
    phone: str = ""
    password_file: str = ""


def write_status(path: Path, status: Status) -> None:
    """Replace the file at ``path`` in one step."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(json.dumps(asdict(status), ensure_ascii=False, indent=1), encoding="utf-8")
    partial.replace(path)


def read_status(path: Path) -> Status | None:
    """What the file at ``path`` says; None if there is none."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    history = found["history"]
    return Status(
        pid=found["pid"],
        step=found["step"],
        steps=Progress(**found["steps"]),
        address=found["address"],
        phone=found.get("phone", ""),
        password_file=found.get("password_file", ""),
        history=Progress(**history) if history else None,
        processes=tuple(_process(each) for each in found["processes"]),
    )


def _process(found: dict[str, Any]) -> ProcessStatus:
    return replace(ProcessStatus(**found), state=State(found["state"]))
