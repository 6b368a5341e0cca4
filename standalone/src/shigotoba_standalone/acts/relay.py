"""A TCP relay that can be cut: the link between a gateway and the upstream broker, where a scenario cuts it.

Responsible for bytes in both directions. Refuses to understand them.
"""

from __future__ import annotations

import asyncio
import contextlib

from shigotoba_standalone.ports import HOST


class Relay:
    """Carries connections from ``port`` to ``target``; used as an asynchronous context."""

    def __init__(self, port: int, target: int) -> None:
        self._port, self._target = port, target
        self._whole = True
        self._writers = set[asyncio.StreamWriter]()

    async def __aenter__(self) -> Relay:
        self._server = await asyncio.start_server(self._carry, HOST, self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        self._server.close()

    def cut(self) -> None:
        """Reset what is open and refuse what comes, as a pulled cable does once it is noticed."""
        self._whole = False
        for writer in self._writers:
            writer.transport.abort()

    def mend(self) -> None:
        """Carry again."""
        self._whole = True

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_writer = writer
        try:
            if self._whole:
                far_reader, far_writer = await asyncio.open_connection(HOST, self._target)
                self._writers |= {writer, far_writer}
                await asyncio.gather(_pour(reader, far_writer), _pour(far_reader, writer))
        except OSError:
            # Nobody answers at the other end; whoever connected finds the line dead and tries again.
            pass
        finally:
            self._writers -= {writer, far_writer}
            writer.transport.abort()
            far_writer.transport.abort()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()
