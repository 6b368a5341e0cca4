"""Waiting for something to come true, instead of sleeping and hoping.

The deadline is there so that a broken product ends a test; it never measures speed.
"""

from __future__ import annotations

import time
from collections.abc import Callable

LOOK_EVERY_S = 0.05
LOOK_AT_LEAST_EVERY_S = 0.5
LATER_BY = 0.1
"""Who has waited a second looks every tenth of one: to look costs the processor that others are waiting for."""


def until(condition: Callable[[], bool], within_s: float = 300.0, what: str = "it") -> None:
    """Return once ``condition`` holds.

    Raises:
        AssertionError: It did not within ``within_s`` seconds.
    """
    begun_s = time.monotonic()
    while not condition():
        waited_s = time.monotonic() - begun_s
        assert waited_s < within_s, f"{what} did not come to pass"
        time.sleep(min(max(waited_s * LATER_BY, LOOK_EVERY_S), LOOK_AT_LEAST_EVERY_S))
