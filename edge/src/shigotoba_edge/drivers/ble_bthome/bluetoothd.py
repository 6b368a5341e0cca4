"""A D-Bus connection of our own beside bleak's, to see what bleak does not tell.

When bluetoothd restarts, bleak's scanner goes deaf without an error (research/edge.md section 7.6). Here the bus
itself says that the name ``org.bluez`` has a new owner, or that the bus is gone.

Responsible for watching bluetoothd and for finding an adapter by address. Refuses to scan.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Final

from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus

from shigotoba_edge.driver import DriverError

BLUEZ: Final = "org.bluez"
BUS: Final = "org.freedesktop.DBus"
ADAPTER: Final = "org.bluez.Adapter1"
OWNER_CHANGED: Final = f"type='signal',sender='{BUS}',interface='{BUS}',member='NameOwnerChanged',arg0='{BLUEZ}'"


class Bluetoothd:
    """The daemon as seen over an open connection.

    Attributes:
        lost: Done, with the reason in words, once a scan started before cannot be trusted any more.
    """

    def __init__(self, connection: MessageBus) -> None:
        self._connection = connection
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def take(self, message: Message) -> None:
        """A message came over the connection."""
        if message.member == "NameOwnerChanged" and message.body[:1] == [BLUEZ]:
            self.lose("bluetoothd was restarted or has ended")

    def lose(self, reason: str) -> None:
        """Scans started before cannot be trusted any more."""
        if not self.lost.done():
            self.lost.set_result(reason)

    async def watch(self) -> None:
        """Ask the bus to tell when bluetoothd comes or goes."""
        await self._call(Message(BUS, "/org/freedesktop/DBus", BUS, "AddMatch", signature="s", body=[OWNER_CHANGED]))

    async def adapter_at(self, address: str) -> str:
        """The present name, such as ``hci0``, of the adapter with this address.

        Raises:
            DriverError: There is none.
        """
        manager = "org.freedesktop.DBus.ObjectManager"
        reply = await self._call(Message(BLUEZ, "/", manager, "GetManagedObjects"))
        for path, interfaces in reply.body[0].items():
            if ADAPTER in interfaces and interfaces[ADAPTER]["Address"].value.casefold() == address.casefold():
                return path.rpartition("/")[2]
        raise DriverError(f"no Bluetooth adapter has the address {address}. Plug it in, or change `adapter`.")

    async def _call(self, message: Message) -> Message:
        reply = await self._connection.call(message)
        if reply.message_type is MessageType.ERROR:
            raise DriverError(f"D-Bus refuses {message.member}: {reply.error_name}. Is bluetoothd running?")
        return reply


@contextlib.asynccontextmanager
async def watched() -> AsyncGenerator[Bluetoothd, None]:
    """The bluetoothd of the system bus, watched as long as the context lasts.

    Raises:
        DriverError: The bus answers with an error.
        OSError, EOFError, DBusFastError: There is no bus to speak to.
    """
    connection = MessageBus(bus_type=BusType.SYSTEM)
    try:
        await connection.connect()
        daemon = Bluetoothd(connection)
        connection.add_message_handler(daemon.take)
        await daemon.watch()
        ending = asyncio.create_task(_tell_the_end(connection, daemon))
        try:
            yield daemon
        finally:
            ending.cancel()
    finally:
        connection.disconnect()


async def _tell_the_end(connection: MessageBus, daemon: Bluetoothd) -> None:
    try:
        await connection.wait_for_disconnect()
    except (OSError, EOFError) as error:
        daemon.lose(f"the D-Bus connection broke ({error!r})")
    else:
        daemon.lose("the D-Bus connection ended")
