"""The state of one Bluetooth adapter: power, discovery sessions, devices heard.

Copies ``btd_adapter_device_found`` and the life of temporary devices of BlueZ 5.87. Values in, events out; D-Bus and
clocks are outside. Connections, pairing and advertisement monitors are not here.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

import msgspec
from dbus_fast import Variant

from shigotoba_sim.faces.advert import Advert
from shigotoba_sim.faces.bluez.device import RSSI_THRESHOLD_DB, Device, Properties
from shigotoba_sim.faces.bluez.errors import not_ready
from shigotoba_sim.faces.bluez.sessions import DiscoveryFilter, Sessions

ADAPTER: Final = "org.bluez.Adapter1"
DEVICE: Final = "org.bluez.Device1"
TEMPORARY_TIMEOUT_S: Final = 30.0
"""A device nobody has paired with is forgotten when it has been silent this long (TemporaryTimeout of main.conf)."""


class Added(msgspec.Struct, frozen=True):
    """An object appeared."""

    path: str
    interface: str
    properties: Properties


class Changed(msgspec.Struct, frozen=True):
    """Properties of an object changed, or lost their value."""

    path: str
    interface: str
    properties: Properties
    invalidated: list[str]


class Removed(msgspec.Struct, frozen=True):
    """An object went away."""

    path: str
    interface: str


Event = Added | Changed | Removed


class Adapter:
    """An adapter such as ``hci0``.

    Attributes:
        path: Object path.
        properties: org.bluez.Adapter1 as it stands.
    """

    def __init__(self, name: str, address: str) -> None:
        self.path = f"/org/bluez/{name}"
        self._sessions = Sessions()
        self._devices: OrderedDict[str, Device] = OrderedDict()
        self.properties: Properties = {
            "Address": Variant("s", address),
            "AddressType": Variant("s", "public"),
            "Name": Variant("s", "shigotoba-sim"),
            "Alias": Variant("s", "shigotoba-sim"),
            "Class": Variant("u", 0),
            "Powered": Variant("b", True),
            "Discoverable": Variant("b", False),
            "Pairable": Variant("b", False),
            "Discovering": Variant("b", False),
            "UUIDs": Variant("as", []),
            "Roles": Variant("as", ["central", "peripheral"]),
        }

    @property
    def powered(self) -> bool:
        """Whether the adapter is on."""
        return self.properties["Powered"].value

    def objects(self) -> dict[str, dict[str, Properties]]:
        """Everything there is, as GetManagedObjects returns it."""
        devices = {device.path: {DEVICE: dict(device.properties)} for device in self._devices.values()}
        return {self.path: {ADAPTER: dict(self.properties)}, **devices}

    def set_filter(self, client: str, wanted: DiscoveryFilter | None) -> None:
        """SetDiscoveryFilter.

        Raises:
            BluezError: The adapter is off (NotReady).
        """
        self._must_be_powered()
        self._sessions.set_filter(client, wanted)

    def start_discovery(self, client: str) -> list[Event]:
        """StartDiscovery.

        Raises:
            BluezError: The adapter is off (NotReady) or the client is scanning already (InProgress).
        """
        self._must_be_powered()
        self._sessions.start(client)
        return self._set("Discovering", True)

    def stop_discovery(self, client: str) -> list[Event]:
        """StopDiscovery.

        Raises:
            BluezError: The adapter is off (NotReady) or the client is not scanning (Failed).
        """
        self._must_be_powered()
        self._sessions.stop(client)
        return self._quiet()

    def client_left(self, client: str) -> list[Event]:
        """A client has left the bus; its session ends with it."""
        self._sessions.leave(client)
        return self._quiet()

    def set_powered(self, powered: bool) -> list[Event]:
        """Switch the adapter; switching it off ends every session, and nothing starts them again."""
        if not powered:
            self._sessions.clear()
        return [*self._quiet(), *self._set("Powered", powered)]

    def hear(self, advert: Advert, now_s: float) -> list[Event]:
        """An advertisement has reached the antenna."""
        if not self._sessions.admits(advert):
            return []
        device = self._devices.get(advert.address)
        stranger = device is None
        if device is None:
            device = self._devices[advert.address] = Device(self.path, advert.address, now_s)
        device.heard_s = now_s
        self._devices.move_to_end(advert.address)
        threshold_db = 0 if self._sessions.proximity else RSSI_THRESHOLD_DB
        changed = device.hear(advert, self._sessions.duplicate_data, threshold_db)
        if stranger:
            return [Added(device.path, DEVICE, dict(device.properties))]
        return [Changed(device.path, DEVICE, changed, [])] if changed else []

    def expire(self, now_s: float) -> list[Event]:
        """Forget the devices that have been silent for ``TEMPORARY_TIMEOUT_S``."""
        events: list[Event] = []
        while self._devices:
            address, device = next(iter(self._devices.items()))
            if now_s - device.heard_s < TEMPORARY_TIMEOUT_S:
                break
            del self._devices[address]
            events.append(Removed(device.path, DEVICE))
        return events

    def _must_be_powered(self) -> None:
        if not self.powered:
            raise not_ready()

    def _quiet(self) -> list[Event]:
        """What follows when the last session has ended: strengths are forgotten, then the strangers themselves."""
        if self._sessions.scanning:
            return []
        lost = [
            Changed(device.path, DEVICE, {}, invalidated)
            for device in self._devices.values()
            if (invalidated := device.lose_signal())
        ]
        gone = [Removed(device.path, DEVICE) for device in self._devices.values()]
        self._devices.clear()
        return [*lost, *gone, *self._set("Discovering", False)]

    def _set(self, name: str, value: bool) -> list[Event]:
        variant = Variant("b", value)
        if self.properties[name] == variant:
            return []
        self.properties[name] = variant
        return [Changed(self.path, ADAPTER, {name: variant}, [])]
