"""A D-Bus connection of our own beside bleak's, to see and do what bleak does not.

When bluetoothd restarts or the adapter is switched off, bleak's scanner goes deaf without an error (research/edge.md
sections 7.4 and 7.6). Here the bus itself says that the name ``org.bluez`` has a new owner, that the adapter has lost
its power or is gone, or that the bus is gone.

Responsible for watching bluetoothd, for finding an adapter by address and for its power. Refuses to scan.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Any, Final

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from shigotoba_edge.driver import DriverError

BLUEZ: Final = "org.bluez"
BUS: Final = "org.freedesktop.DBus"
ADAPTER: Final = "org.bluez.Adapter1"
PROPERTIES: Final = "org.freedesktop.DBus.Properties"
OBJECTS: Final = "org.freedesktop.DBus.ObjectManager"

OWNER_CHANGED: Final = f"type='signal',sender='{BUS}',interface='{BUS}',member='NameOwnerChanged',arg0='{BLUEZ}'"
ADAPTER_CHANGED: Final = (
    f"type='signal',sender='{BLUEZ}',interface='{PROPERTIES}',member='PropertiesChanged',path='{{path}}'"
)
ADAPTER_REMOVED: Final = (
    f"type='signal',sender='{BLUEZ}',interface='{OBJECTS}',member='InterfacesRemoved',arg0path='{{path}}'"
)


class Bluetoothd:
    """The daemon as seen over an open connection.

    Attributes:
        lost: Done, with the reason in words, once a scan started before cannot be trusted any more.
    """

    def __init__(self, connection: MessageBus) -> None:
        self._connection = connection
        self._adapter = ""
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def take(self, message: Message) -> None:
        """A message came over the connection."""
        if message.member == "NameOwnerChanged" and message.body[:1] == [BLUEZ]:
            self.lose("bluetoothd was restarted or has ended")
        if message.member == "PropertiesChanged" and message.path == self._adapter:
            powered = message.body[1].get("Powered")
            if powered is not None and not powered.value:
                self.lose("the Bluetooth adapter was switched off")
        if message.member == "InterfacesRemoved" and message.body[0] == self._adapter and ADAPTER in message.body[1]:
            self.lose("the Bluetooth adapter is gone")

    def lose(self, reason: str) -> None:
        """Scans started before cannot be trusted any more."""
        if not self.lost.done():
            self.lost.set_result(reason)

    async def watch(self) -> None:
        """Ask the bus to tell when bluetoothd comes or goes."""
        await self._match(OWNER_CHANGED)

    async def watch_adapter(self, path: str) -> None:
        """Ask bluetoothd to tell when this adapter is switched off or goes."""
        self._adapter = path
        await self._match(ADAPTER_CHANGED.format(path=path))
        await self._match(ADAPTER_REMOVED.format(path=path))

    async def adapter(self, address: str) -> str:
        """The object path of the adapter with this address; without one, of the first that is powered, or the first.

        Raises:
            DriverError: There is none.
        """
        reply = await self._call(Message(BLUEZ, "/", OBJECTS, "GetManagedObjects"))
        adapters = {path: parts[ADAPTER] for path, parts in sorted(reply.body[0].items()) if ADAPTER in parts}
        if not address:
            return _first(adapters)
        for path, properties in adapters.items():
            if properties["Address"].value.casefold() == address.casefold():
                return path
        raise DriverError(f"no Bluetooth adapter has the address {address}. Plug it in, or change `adapter`.")

    async def switch_off_and_on(self, path: str) -> None:
        """End everything the adapter does, for whomever, and switch it on.

        Raises:
            DriverError: bluetoothd refuses; a switch (rfkill) may hold the adapter off.
        """
        for powered in (False, True):
            body = [ADAPTER, "Powered", Variant("b", powered)]
            await self._call(Message(BLUEZ, path, PROPERTIES, "Set", signature="ssv", body=body))

    async def _match(self, rule: str) -> None:
        await self._call(Message(BUS, "/org/freedesktop/DBus", BUS, "AddMatch", signature="s", body=[rule]))

    async def _call(self, message: Message) -> Message:
        reply = await self._connection.call(message)
        if reply.message_type is MessageType.ERROR:
            raise DriverError(f"D-Bus refuses {message.member}: {reply.error_name}. Is bluetoothd running?")
        return reply


def _first(adapters: dict[str, dict[str, Any]]) -> str:
    powered = [path for path, properties in adapters.items() if properties["Powered"].value]
    for path in (*powered, *adapters):
        return path
    raise DriverError("there is no Bluetooth adapter. Plug one in.")


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
