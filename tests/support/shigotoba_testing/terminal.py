"""A command of the edge on a terminal of its own (a pty), and somebody who types and reads there."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys

from shigotoba_testing.waiting import until


class Terminal:
    """A command at work; ``shown`` is all it has shown."""

    def __init__(self, *arguments: str) -> None:
        self._end, theirs = os.openpty()
        command = [sys.executable, "-m", "shigotoba_edge", *arguments]
        self.process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        os.set_blocking(self._end, False)
        self.shown = ""
        self._seen = 0

    def expect(self, text: str) -> None:
        """Wait until the text is shown, after what was expected before."""
        until(lambda: self._find(text), what=f"{text!r} in {self.shown[self._seen :]!r}")

    def type(self, text: str) -> None:
        os.write(self._end, f"{text}\n".encode())

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def hang_up(self) -> None:
        os.close(self._end)
        self._end = -1

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        if self._end >= 0:
            os.close(self._end)

    def _find(self, text: str) -> bool:
        # Nothing yet, or the command has ended.
        with contextlib.suppress(OSError):
            self.shown += os.read(self._end, 65_536).decode(errors="replace")
        found = self.shown.find(text, self._seen)
        if found >= 0:
            self._seen = found + len(text)
        return found >= 0
