"""A dialogue with a person at a terminal, that other things may happen beside.

Responsible for lines in and out. Refuses to block: whoever waits for a line may give up waiting.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Final

MOST_OCTETS: Final = 4_096


class AbandonedError(Exception):
    """The terminal is gone, or the person has closed it with Ctrl-D."""


class Dialogue:
    """Lines of ``descriptor``, and ``say`` for what is to be shown without a new line behind it."""

    def __init__(self, descriptor: int, say: Callable[[str], None]) -> None:
        self._descriptor = descriptor
        self._say = say
        self._waiting = b""

    async def ask(self, question: str) -> str:
        """The line that answers the question, without outer blanks.

        Raises:
            AbandonedError: No more lines will come.
        """
        self._say(question)
        while b"\n" not in self._waiting:
            octets = await self._more()
            if not octets:
                raise AbandonedError("the dialogue was abandoned; what was written down stays")
            self._waiting += octets
        line, _, self._waiting = self._waiting.partition(b"\n")
        return line.decode("utf-8", errors="replace").strip()

    def tell(self, text: str) -> None:
        """Show a line."""
        self._say(f"{text}\n")

    async def _more(self) -> bytes:
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._descriptor, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._descriptor)
        try:
            return os.read(self._descriptor, MOST_OCTETS)
        except OSError:
            # How a terminal whose other end is closed says that it has ended.
            return b""
