"""``dbus-daemon`` as a child of this process, with a configuration of its own.

Responsible for the child's life: it dies with us, and if it dies alone somebody is told. The bus admits the user it
runs as; any such client may own any name, because everybody on it is part of the simulation or looks at it.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import signal
from pathlib import Path
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from shigotoba_wire.errors import WireError

PR_SET_PDEATHSIG: Final = 1

_CONFIGURATION: Final = """<busconfig>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
_libc = ctypes.CDLL(None, use_errno=True)

log = logging.getLogger(__name__)


class DaemonError(WireError):
    """The daemon did not start; the message is what it said."""


class DaemonBus:
    """A bus on ``socket``, run by the program ``executable``."""

    def __init__(self, socket: Path, executable: Path) -> None:
        self._socket = socket
        self._configuration = socket.with_name(socket.name + ".conf")
        self._executable = executable
        self._process: asyncio.subprocess.Process | None = None
        self._complaints: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Start the daemon on a fresh socket and wait until it listens.

        Raises:
            DaemonError: It ended instead.
        """
        self._socket.unlink(missing_ok=True)
        self._configuration.write_text(_CONFIGURATION.format(socket=escape(quote(str(self._socket), safe="/"))))
        parent = os.getpid()
        process = await asyncio.create_subprocess_exec(
            self._executable,
            f"--config-file={self._configuration}",
            "--nofork",
            "--nopidfile",
            "--print-address=1",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            # A Ctrl-C is for us; the bus goes last.
            start_new_session=True,
            preexec_fn=lambda: _die_with(parent),
        )
        assert process.stdout is not None
        assert process.stderr is not None
        if not await process.stdout.readline():
            said = (await process.stderr.read()).decode(errors="replace").strip()
            raise DaemonError(f"{self._executable} ended with {await process.wait()}: {said}")
        self._process = process
        self._complaints = asyncio.get_running_loop().create_task(_relay(process.stderr))
        log.info("dbus-daemon (process %d) listens on %s", process.pid, self._socket)

    async def died(self) -> str:
        """Wait until the daemon has ended; say how."""
        assert self._process is not None, "open() comes first"
        return f"dbus-daemon (process {self._process.pid}) ended with {await self._process.wait()}"

    async def close(self) -> None:
        """End the daemon, wait for it and remove what it needed."""
        if self._process is None or self._complaints is None:
            return
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()
        await self._complaints
        self._socket.unlink(missing_ok=True)
        self._configuration.unlink(missing_ok=True)


def _die_with(parent: int) -> None:
    """Ask the kernel to end this child with its parent; runs between fork and exec.

    Killed, it cannot tidy up late and take away the socket of the process that comes after us.
    """
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


async def _relay(stream: asyncio.StreamReader) -> None:
    """Hand on what the daemon says; it always says that it may not raise its limit of open files."""
    async for line in stream:
        log.debug("dbus-daemon: %s", line.decode(errors="replace").rstrip())
