"""Marks: what is to be done to which programs, and when, as the simulator's command ``marks`` writes them.

Responsible for reading the lines. Refuses acts it does not know: a scenario in which nothing happens must not look like
one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from shigotoba_standalone.errors import StandaloneError

ACTS: Final = (
    "clock_jump",
    "gateway_power_cut",
    "uplink_cut",
    "broker_restart",
    "database_restart",
    "bluetoothd_restart",
)


@dataclass(frozen=True)
class Mark:
    """Something to be done.

    Attributes:
        at: When, aware.
        act: One of ``ACTS``.
        lasts_s: For how long; a wrong clock stays wrong for 0.
        by_s: By how much a clock jumps.
    """

    at: datetime
    act: str
    lasts_s: float
    by_s: float


def read_marks(path: Path) -> list[Mark]:
    """The marks in ``path``, in order of time.

    Raises:
        StandaloneError: A line is none.
    """
    marks: list[Mark] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            marks.append(_mark(json.loads(line)))
        except (ValueError, TypeError, KeyError) as error:
            raise StandaloneError(f"{path}, line {number}: not a mark ({error}).") from error
    return sorted(marks, key=lambda mark: mark.at)


def _mark(told: dict[str, object]) -> Mark:
    act = str(told["act"])
    if act not in ACTS:
        raise ValueError(f"there is no act {act!r}; there are {', '.join(ACTS)}")
    at = datetime.fromisoformat(str(told["at"]))
    return Mark(at, act, float(str(told.get("lasts_s", 0))), float(str(told.get("by_s", 0))))
