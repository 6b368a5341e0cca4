"""Messages to the bus, one after the other, never faster than the bus takes them.

dbus-fast gives up a connection whose socket buffer is full, so 300 signals at once end it (edge report, section 7.3;
altdesktop/python-dbus-next issue 153). Here everything waits in one queue: each message is written before the next is
begun, and after every reply and every ``CONFIRM_EVERY``-th signal the bus must say that it is still with us.
"""

# pyright: reportUnknownMemberType=false
# dbus-fast does not say what its futures hold.

from __future__ import annotations

import asyncio
from typing import Final

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

CONFIRM_EVERY: Final = 64
"""Signals on the way at one time; some 20 kB, a tenth of a unix socket's buffer."""


class Outgoing:
    """The queue in front of ``bus``."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self._queue: asyncio.Queue[Message] = asyncio.Queue()

    def put(self, message: Message) -> None:
        """Send ``message`` after everything that was put before."""
        self._queue.put_nowait(message)

    async def run(self) -> None:
        """Send until cancelled, or until the connection is lost.

        Raises:
            Exception: Whatever dbus-fast says of a lost connection.
        """
        unconfirmed = 0
        while True:
            message = await self._queue.get()
            await self._bus.send(message)
            unconfirmed += 1
            # A reply can be of any length, so it alone may fill the buffer.
            if unconfirmed >= CONFIRM_EVERY or message.message_type is not MessageType.SIGNAL:
                await self._bus.call(_ping())
                unconfirmed = 0


def _ping() -> Message:
    return Message(
        destination="org.freedesktop.DBus",
        path="/org/freedesktop/DBus",
        interface="org.freedesktop.DBus.Peer",
        member="Ping",
    )
