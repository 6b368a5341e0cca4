"""A dialogue with a person at a terminal, that other things may happen beside.

Responsible for lines in and out, and for not showing a line that may be a secret. Refuses to block: whoever waits for
a line may give up waiting.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import termios
from collections.abc import Callable, Generator
from typing import Final, TypeVar

MOST_OCTETS: Final = 4_096


Sign = TypeVar("Sign")

_LOCAL_MODES: Final = 3
"""Where in what ``tcgetattr`` returns the echo is."""


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

    async def ask_or(self, question: str, signs: asyncio.Queue[Sign]) -> Sign | str:
        """The line that answers the question, or a sign if one comes first.

        Raises:
            AbandonedError: No more lines will come.
        """
        sign = asyncio.ensure_future(signs.get())
        line = asyncio.ensure_future(self.ask(question))
        try:
            await asyncio.wait([sign, line], return_when=asyncio.FIRST_COMPLETED)
            return sign.result() if sign.done() else line.result()
        finally:
            for waiting in (sign, line):
                waiting.cancel()
            await asyncio.wait([sign, line])

    @contextlib.contextmanager
    def unseen(self) -> Generator[None, None, None]:
        """What is typed meanwhile is not shown; on what is no terminal nothing is shown anyway."""
        if not os.isatty(self._descriptor):
            yield
            return
        seen = termios.tcgetattr(self._descriptor)
        unseen = [*seen]
        unseen[_LOCAL_MODES] &= ~termios.ECHO
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, unseen)
        try:
            yield
        finally:
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, seen)

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
