"""What the commands share: where lines go, signals that end them, errors as one line.

Responsible for the terminal. Refuses to know any command.
"""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import time
from collections.abc import Callable

from shigotoba_edge.driver import Surroundings
from shigotoba_wire import logs
from shigotoba_wire.errors import OutboxError, SettingsError
from shigotoba_wire.spoken import complain


def surroundings() -> Surroundings:
    """The real world."""
    return Surroundings(lambda: time.time_ns() // 1_000_000, random.SystemRandom())


def say(text: str) -> None:
    """Show a line at once, also to a pipe."""
    print(text, flush=True)


def say_on(text: str) -> None:
    """Show a question without ending its line."""
    print(text, end="", flush=True)


def stopping() -> asyncio.Event:
    """An event that SIGTERM and Ctrl-C set."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def settled(command: Callable[[], None], level: int = logging.INFO) -> int:
    """Run it, logging from ``level`` on; the exit status: 0, or 2 for wrong settings, or 1 for an unusable outbox."""
    logs.begin(logs.LogSettings(), level)
    try:
        command()
    except SettingsError as error:
        complain(error)
        return 2
    except OutboxError as error:
        complain(error)
        return 1
    return 0
