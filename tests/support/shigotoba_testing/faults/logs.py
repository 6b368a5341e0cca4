"""What the processes have told while everything broke: as programs read it, and without any secret.

Responsible for the questions about logs. Refuses to judge what is worth telling.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from shigotoba_testing.faults.verdict import Answer
from shigotoba_testing.product import Demo
from shigotoba_testing.secrecy import leaks

OURS: Final = ("api", "dashboard", "edge", "gateway", "ingest", "jobs", "rollup", "sim", "supervisor")
TOLD: Final = {("the terminal", "everybody")}
"""Whoever starts the demo is told how its people sign in."""


def log_answers(demo: Demo) -> Sequence[Answer]:
    """Everything that is promised about logs."""
    lines = [line for name in OURS for path in (demo.home / "log").glob(f"{name}.log*") for line in _lines(path)]
    return (
        Answer("places where others could read a secret", sorted(leaks(demo) - TOLD), []),
        Answer("lines of the logs that are none for programs", [line for line in lines if line[0] != "{"], []),
    )


def _lines(path: Path) -> list[str]:
    """Whether an object is whole is not asked: a full disk may take half of one."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line]
