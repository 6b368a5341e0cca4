"""A small message bus of our own, for machines without ``dbus-daemon``.

Responsible for sockets and the order of bytes on them; what a message means to a bus is ``router``. It lives in this
process, so it needs no watching: when the process ends, it ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from pathlib import Path
from typing import Final

from shigotoba_sim.faces.bus.frames import FIXED_LENGTH, Frame, FrameError, decode, encode, message_length
from shigotoba_sim.faces.bus.handshake import HandshakeError, shake_hands
from shigotoba_sim.faces.bus.router import BUS, Delivery, Router

MAX_UNREAD_BYTES: Final = 64 * 1024 * 1024
"""A client that leaves this much unread is cut off, as the daemon does."""

log = logging.getLogger(__name__)


class OwnBus:
    """A bus on ``socket``, served by the running event loop."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._id = secrets.token_hex(16)
        self._router = Router()
        self._writers: dict[str, asyncio.StreamWriter] = {}
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Bind the socket, replacing a stale one, and accept connections."""
        self._socket.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._accept, path=self._socket)
        self._socket.chmod(0o600)
        log.info("our own message bus listens on %s (no dbus-daemon found)", self._socket)

    async def died(self) -> str:
        """Never returns: this bus cannot end before its process."""
        never: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        return await never

    async def close(self) -> None:
        """Stop listening, hang up on everybody, remove the socket."""
        if self._server is None:
            return
        self._server.close()
        for task in self._clients:
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        self._socket.unlink(missing_ok=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._clients.add(task)
        task.add_done_callback(self._clients.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await shake_hands(reader, writer, self._id)
            await self._carry(reader, writer)
        except (HandshakeError, FrameError) as error:
            log.warning("a client of the message bus was cut off: %s", error)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            log.debug("a client of the message bus hung up")
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello = await _read_frame(reader)
        if (hello.destination, hello.member) != (BUS, "Hello"):
            raise FrameError("the first message was not Hello")
        name = self._router.join()
        self._writers[name] = writer
        try:
            self._deliver(self._router.route(name, hello))
            while True:
                self._deliver(self._router.route(name, await _read_frame(reader)))
        finally:
            del self._writers[name]
            self._deliver(self._router.leave(name))

    def _deliver(self, deliveries: list[Delivery]) -> None:
        for delivery in deliveries:
            writer = self._writers[delivery.to]
            writer.write(encode(delivery.frame))
            if writer.transport.get_write_buffer_size() > MAX_UNREAD_BYTES:
                log.warning("client %s reads nothing and was cut off", delivery.to)
                writer.transport.abort()


async def _read_frame(reader: asyncio.StreamReader) -> Frame:
    head = await reader.readexactly(FIXED_LENGTH)
    rest = await reader.readexactly(message_length(head) - FIXED_LENGTH)
    return decode(head + rest)
