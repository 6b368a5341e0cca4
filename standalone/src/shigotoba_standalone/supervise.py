"""The supervisor's process: its words go to its output, its log to its errors, and SIGTERM ends it tidily.

Responsible for the edge between the process and the demo it runs. Refuses to know the demo's steps.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Coroutine

from shigotoba_standalone.demo.ground import Wishes
from shigotoba_standalone.demo.home import Home
from shigotoba_standalone.demo.start import run_demo
from shigotoba_standalone.errors import StandaloneError

log = logging.getLogger("supervisor")


def supervise(home: Home, wishes: Wishes) -> int:
    """Run the demo until SIGTERM; the exit status."""
    try:
        asyncio.run(until_stopped(run_demo(home, wishes, say)))
    except StandaloneError as error:
        say(str(error))
        return 2
    return 0


def say(text: str) -> None:
    """One line for the person at the console, and for the log."""
    log.info("%s", text)
    with contextlib.suppress(BrokenPipeError):  # the console is gone; the log has the line
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


async def until_stopped(work: Coroutine[object, object, None]) -> None:
    """Run ``work``; the first SIGTERM or SIGINT cancels it, later ones change nothing."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait([task, stopped], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
