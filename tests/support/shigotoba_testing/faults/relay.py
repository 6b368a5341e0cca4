"""A TCP relay that can be cut and silenced: the link between a gateway and the upstream broker.

Responsible for bytes in both directions. Refuses to understand them.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Self, TypeVar

HOST = "127.0.0.1"
Result = TypeVar("Result")


class Relay:
    """A link in a thread of its own; used as a context.

    Args:
        port: Where to listen.
        target: The port to pass on to, asked anew for every connection.
    """

    def __init__(self, port: int, target: Callable[[], int]) -> None:
        self._port, self._target = port, target
        self._loop = asyncio.new_event_loop()
        self._writers = set[asyncio.StreamWriter]()
        self._whole, self._flowing = True, asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, name="relay", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._carry, HOST, self._port))
        self.mend()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._server.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self) -> None:
        """Reset what is open and refuse what comes, as a pulled cable does once it is noticed."""
        self._do(self._set(whole=False, flowing=True))

    def silence(self) -> None:
        """Keep everything open and let nothing through, as a pulled cable does until it is noticed."""
        self._do(self._set(whole=True, flowing=False))

    def mend(self) -> None:
        """Carry again."""
        self._do(self._set(whole=True, flowing=True))

    def _do(self, work: Coroutine[None, None, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _set(self, whole: bool, flowing: bool) -> None:
        self._whole = whole
        if flowing:
            self._flowing.set()
        else:
            self._flowing.clear()
        if not whole:
            await self._hang_up()

    async def _hang_up(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(HOST, self._target())
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, far_writer}
        self._writers |= ends
        await asyncio.gather(self._pour(reader, far_writer), self._pour(far_reader, writer))
        self._writers -= ends

    async def _pour(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.transport.abort()
