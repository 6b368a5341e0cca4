"""The board's light: how often it blinks tells from afar what is wrong.

The kernel offers lights as directories (``/sys/class/leds/<name>``, see Documentation/leds/leds-class.rst): ``trigger``
says who drives the light, ``brightness`` how bright it is. Responsible for the patterns and for driving one light.
Refuses to fail: a gateway without a light is a gateway all the same.
"""

from __future__ import annotations

import itertools
import logging
import threading
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from shigotoba_gateway.status.report import Finding

log = logging.getLogger(__name__)

Step = tuple[bool, float]
"""On or off, and for how many seconds."""


@cache
def _data() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("shigotoba_gateway.status").joinpath("lights.toml").read_text(encoding="utf-8"))


def blinks_for(findings: Sequence[Finding]) -> int:
    """How often to blink: for the worst finding that has a code of its own; 0 when there is none."""
    blinks: dict[str, int] = _data()["blinks"]
    return next((blinks[finding.code] for finding in findings if blinks[finding.code]), 0)


def pattern(blinks: int, *, identify: bool = False) -> list[Step]:
    """One round of the light."""
    times: dict[str, float] = _data()["times_s"]
    if identify:
        return [(True, times["fast"]), (False, times["fast"])] * 8
    if blinks == 0:
        return [(True, times["steady"]), (False, times["gap"])]
    once = [(True, times["on"]), (False, times["off"])]
    return [*itertools.chain.from_iterable([once] * blinks), (False, times["pause"])]


class Light:
    """One light, driven by a thread of its own. Start it once; stop it once.

    Attributes:
        trouble: Why it cannot be used; empty while it can.
    """

    def __init__(self, directory: Path, next_round: Callable[[], list[Step]]) -> None:
        self._directory = directory
        self._next_round = next_round
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="light", daemon=True)
        self._trigger = ""
        self.trouble = ""

    def start(self) -> None:
        """Take the light from whoever drives it and begin."""
        self._thread.start()

    def stop(self) -> None:
        """Give the light back."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._trigger = _chosen((self._directory / "trigger").read_text(encoding="ascii"))
            self._write("trigger", "none")
            while not self._stopping.is_set():
                self._show(self._next_round())
            self._write("trigger", self._trigger)
        except OSError as error:
            self.trouble = error.strerror or str(error)
            log.warning("the light %s cannot be used (%s); going on without it", self._directory.name, error)

    def _show(self, steps: Sequence[Step]) -> None:
        for on, seconds in steps:
            self._write("brightness", "1" if on else "0")
            if self._stopping.wait(seconds):
                return

    def _write(self, name: str, value: str) -> None:
        # The files of the kernel are written in place, never replaced.
        (self._directory / name).write_text(value, encoding="ascii")


def _chosen(triggers: str) -> str:
    """The trigger in force, which the kernel puts in brackets."""
    return next((each[1:-1] for each in triggers.split() if each.startswith("[")), "none")
