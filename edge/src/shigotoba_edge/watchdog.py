"""Feeding systemd's watchdog, for as long as the agent gets on.

Each beat goes through the event loop, in which the drivers live, and through the outbox's lock, which whoever writes
holds: an agent in which either hangs feeds nobody and is started again.

Responsible for the beat. Refuses to know what systemd does.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Final

from shigotoba_wire.notify import Notifier
from shigotoba_wire.outbox import Outbox

BEAT_S: Final = 10.0


@contextlib.asynccontextmanager
async def watched(notifier: Notifier, outbox: Outbox) -> AsyncGenerator[None]:
    """Says that we are ready, that we live, and at the end that we stop."""
    beating = asyncio.create_task(_beat(notifier, outbox))
    try:
        yield
    finally:
        beating.cancel()
        notifier.stopping()


async def _beat(notifier: Notifier, outbox: Outbox) -> None:
    notifier.ready()
    while True:
        waiting = await asyncio.to_thread(outbox.waiting)
        notifier.beat(f"{waiting} readings wait for the gateway")
        await asyncio.sleep(BEAT_S)
