"""Runs a module whose clock can be set wrong: the time it is told is off by the seconds that stand in a file.

No privileges are needed, and no other process notices. Monotonic time goes on as it is, as it does on a machine whose
clock jumps. Started as ``python -P -m shigotoba_standalone.wrong_clock FILE MODULE ARGUMENTS...``.

Responsible for ``time.time`` and ``time.time_ns`` of that process. Refuses to know the module.
"""

from __future__ import annotations

import runpy
import sys
import time
from collections.abc import Callable
from pathlib import Path


def shifted(true_ns: Callable[[], int], file: Path) -> Callable[[], int]:
    """A clock that is ``true_ns`` and the seconds in ``file``; right while there is no such file."""

    def now_ns() -> int:
        try:
            return true_ns() + round(float(file.read_text(encoding="ascii")) * 1_000_000_000)
        except FileNotFoundError:
            return true_ns()

    return now_ns


def set_wrong(file: Path, by_s: float) -> None:
    """Set the clock of whoever runs with ``file`` wrong by ``by_s`` seconds, 0 for right, in one step."""
    beside = file.with_suffix(".new")
    beside.write_text(repr(by_s), encoding="ascii")
    beside.replace(file)


def main() -> None:
    """Run the module named on the command line."""
    now_ns = shifted(time.time_ns, Path(sys.argv[1]))
    time.time_ns = now_ns
    time.time = lambda: now_ns() / 1_000_000_000
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
