"""A steady beat to look at something by, for as long as it is worth looking."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator


async def ticks(every_s: float, within_s: float = math.inf) -> AsyncIterator[None]:
    """One item at once and then every ``every_s`` seconds, until ``within_s`` seconds have passed."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        yield
        await asyncio.sleep(every_s)
