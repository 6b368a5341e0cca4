"""The D-Bus side of the adapter: method calls in, replies and signals out.

Responsible for messages; what they mean is ``adapter``. It answers on the message level instead of exporting objects,
so that replies and signals keep one order and pass through one queue.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from shigotoba_sim.faces.advert import Advert
from shigotoba_sim.faces.bluez.adapter import ADAPTER, Adapter, Added, Changed, Event
from shigotoba_sim.faces.bluez.errors import BluezError, invalid_arguments, unknown_method, unknown_property
from shigotoba_sim.faces.bluez.outgoing import Outgoing
from shigotoba_sim.faces.bluez.sessions import parse_filter

NAME: Final = "org.bluez"
ROOT: Final = "/"
OBJECT_MANAGER: Final = "org.freedesktop.DBus.ObjectManager"
PROPERTIES: Final = "org.freedesktop.DBus.Properties"
GREETING_S: Final = 10.0
SWEEP_S: Final = 1.0
"""How often silent devices are looked for; BlueZ's timers have whole seconds too."""

log = logging.getLogger(__name__)

Body = tuple[str, list[Any]]
Method = Callable[[Message], Body]


class BluezFace:
    """``org.bluez`` with one adapter, ``hci0``."""

    def __init__(self, address: str, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._address = address
        self._adapter = Adapter("hci0", address)
        self._bus_address = ""
        self._restarting = asyncio.Lock()
        self._bus: MessageBus | None = None
        self._outgoing: Outgoing | None = None
        self._watch: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._methods: dict[tuple[str, str, str], Method] = {
            (ROOT, OBJECT_MANAGER, "GetManagedObjects"): lambda _: ("a{oa{sa{sv}}}", [self._adapter.objects()]),
            (self._adapter.path, ADAPTER, "SetDiscoveryFilter"): self._set_filter,
            (self._adapter.path, ADAPTER, "StartDiscovery"): self._start,
            (self._adapter.path, ADAPTER, "StopDiscovery"): self._stop,
            (self._adapter.path, PROPERTIES, "Get"): self._get,
            (self._adapter.path, PROPERTIES, "GetAll"): lambda _: ("a{sv}", [dict(self._adapter.properties)]),
            (self._adapter.path, PROPERTIES, "Set"): self._set,
        }

    async def open(self, bus_address: str) -> None:
        """Come onto the bus and take the name.

        Raises:
            OSError: Nobody listens at ``bus_address``.
            TimeoutError: Somebody does, but is no message bus.
        """
        self._bus_address = bus_address
        async with asyncio.timeout(GREETING_S):
            bus = await MessageBus(bus_address=bus_address).connect()
            self._bus, self._outgoing = bus, Outgoing(bus)
            bus.add_message_handler(self._handle)
            await bus.call(_watch_names())
            await bus.request_name(NAME)
        loop = asyncio.get_running_loop()
        self._watch = loop.create_task(bus.wait_for_disconnect())
        self._tasks = [loop.create_task(self._outgoing.run()), loop.create_task(self._sweep())]

    async def died(self) -> str:
        """Wait until the connection to the bus is lost; say how."""
        assert self._watch is not None, "open() comes first"
        while True:
            watch = self._watch
            ended, _ = await asyncio.wait([watch, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
            async with self._restarting:
                if watch is self._watch:
                    return f"org.bluez lost its bus: {ended.pop().exception()!r}"

    async def restart(self) -> None:
        """Die and come back, as bluetoothd does after an update: no session survives, and no client is told.

        Raises:
            OSError: The bus has gone in between.
        """
        async with self._restarting:
            # A new daemon knows nobody; until it is on the bus it hears nobody either.
            self._adapter = Adapter("hci0", self._address)
            await self.close()
            await self.open(self._bus_address)

    async def close(self) -> None:
        """Leave the bus."""
        if self._bus is None or self._watch is None:
            return
        for task in self._tasks:
            task.cancel()
        self._bus.disconnect()
        await asyncio.gather(self._watch, *self._tasks, return_exceptions=True)

    def hear(self, advert: Advert) -> None:
        """An advertisement reaches the antenna."""
        self._emit(self._adapter.hear(advert, self._now_s()))

    def set_powered(self, powered: bool) -> None:
        """Switch the adapter on or off, as a person with ``bluetoothctl`` would."""
        self._emit(self._adapter.set_powered(powered))

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            self._emit(self._adapter.expire(self._now_s()))

    def _handle(self, message: Message) -> bool:
        if message.message_type is MessageType.METHOD_CALL:
            self._send(self._answer(message))
            return True
        if message.message_type is MessageType.SIGNAL and message.member == "NameOwnerChanged":
            name, _, owner = message.body
            if name.startswith(":") and not owner:
                self._emit(self._adapter.client_left(name))
        return False

    def _answer(self, message: Message) -> Message:
        path, interface, member = str(message.path), str(message.interface), str(message.member)
        method = self._methods.get((path, interface, member), _unknown)
        try:
            signature, body = method(message)
        except BluezError as error:
            log.info("%s refused to %s: %s", member, message.sender, error)
            return Message.new_error(message, error.name, str(error))
        return Message.new_method_return(message, signature, body)

    def _set_filter(self, message: Message) -> Body:
        if message.signature != "a{sv}":
            raise invalid_arguments()
        self._adapter.set_filter(str(message.sender), parse_filter(message.body[0]))
        return "", []

    def _start(self, message: Message) -> Body:
        events = self._adapter.start_discovery(str(message.sender))
        log.info("client %s scans", message.sender)
        self._emit(events)
        return "", []

    def _stop(self, message: Message) -> Body:
        events = self._adapter.stop_discovery(str(message.sender))
        log.info("client %s scans no more", message.sender)
        self._emit(events)
        return "", []

    def _get(self, message: Message) -> Body:
        if message.signature != "ss":
            raise invalid_arguments()
        name = message.body[1]
        if name not in self._adapter.properties:
            raise unknown_property(name)
        return "v", [self._adapter.properties[name]]

    def _set(self, message: Message) -> Body:
        if message.signature != "ssv" or message.body[1] != "Powered" or message.body[2].signature != "b":
            raise invalid_arguments()
        self.set_powered(message.body[2].value)
        return "", []

    def _emit(self, events: list[Event]) -> None:
        for event in events:
            self._send(_signal(event))

    def _send(self, message: Message) -> None:
        assert self._outgoing is not None, "open() comes first"
        self._outgoing.put(message)


def _unknown(message: Message) -> Body:
    raise unknown_method(str(message.interface), str(message.member))


def _signal(event: Event) -> Message:
    if isinstance(event, Added):
        objects = {event.interface: event.properties}
        return Message.new_signal(ROOT, OBJECT_MANAGER, "InterfacesAdded", "oa{sa{sv}}", [event.path, objects])
    if isinstance(event, Changed):
        body = [event.interface, event.properties, event.invalidated]
        return Message.new_signal(event.path, PROPERTIES, "PropertiesChanged", "sa{sv}as", body)
    return Message.new_signal(ROOT, OBJECT_MANAGER, "InterfacesRemoved", "oas", [event.path, [event.interface]])


def _watch_names() -> Message:
    return Message(
        destination="org.freedesktop.DBus",
        path="/org/freedesktop/DBus",
        interface="org.freedesktop.DBus",
        member="AddMatch",
        signature="s",
        body=["type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"],
    )
