"""Waiting for something to come true, instead of sleeping and hoping.

The deadline is there so that a broken product ends a test; it never measures speed.
"""

from __future__ import annotations

import time
from collections.abc import Callable

LOOK_EVERY_S = 0.05


def until(condition: Callable[[], bool], within_s: float = 300.0, what: str = "it") -> None:
    """Return once ``condition`` holds.

    Raises:
        AssertionError: It did not within ``within_s`` seconds.
    """
    deadline_s = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline_s, f"{what} did not come to pass"
        time.sleep(LOOK_EVERY_S)
