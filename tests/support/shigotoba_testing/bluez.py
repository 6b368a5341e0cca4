"""A private D-Bus with the part of BlueZ that a scan needs, so that real bleak can be listened with.

Follows research/edge.md section 7: object tree, call order, and what BlueZ signals when.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
ADAPTER = "/org/bluez/hci0"
ADDRESS = "DC:A6:32:01:02:03"
FCD2 = "0000fcd2-0000-1000-8000-00805f9b34fb"


class Bus:
    """A dbus-daemon of our own, always at the same address."""

    def __init__(self, directory: Path) -> None:
        self.address = f"unix:path={directory / 'bus'}"
        self._config = directory / "bus.conf"
        self._config.write_text(CONFIG.format(socket=directory / "bus"))
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = ["dbus-daemon", f"--config-file={self._config}", "--nofork", "--print-address=1"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        # The address is printed once the socket listens.
        assert self._process.stdout.readline()

    def stop(self) -> None:
        if self._process is not None:
            # Killed, so that it cannot tell anybody what goes away with it.
            self._process.kill()
            self._process.communicate()
            self._process = None


class Bluez:
    """``org.bluez`` with one adapter, or more; devices appear when they advertise."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._bus: MessageBus | None = None
        self._scanners: set[str] = set()
        self._scan_started = asyncio.Event()
        self._devices: dict[str, dict[str, Variant]] = {}
        self._may_start = asyncio.Event()
        self._may_start.set()
        self._answers: set[asyncio.Task[None]] = set()
        self.filters: list[dict[str, Variant]] = []
        self.adapter = ADDRESS
        self.others: dict[str, str] = {}
        """Addresses of further adapters by path."""
        self.asked: list[str | None] = []
        """Paths of the adapters that were asked to scan."""
        self.powered = True
        self.wedged = False
        """StartDiscovery is refused as InProgress until the adapter is switched off."""
        self.switched: list[bool] = []
        """What ``Powered`` was set to by clients."""

    async def start(self) -> None:
        self._bus = await MessageBus(self._address).connect()
        self._bus.add_message_handler(self._answer)
        await self._bus.request_name("org.bluez")

    async def stop(self) -> None:
        """End as bluetoothd ends: scans and devices are forgotten."""
        assert self._bus is not None
        self._bus.disconnect()
        self._scanners.clear()
        self._scan_started.clear()
        self._devices.clear()
        try:
            await self._bus.wait_for_disconnect()
        except (OSError, EOFError):
            return

    @property
    def scanning(self) -> bool:
        return bool(self._scanners)

    async def scanned(self) -> None:
        """Wait until somebody scans."""
        async with asyncio.timeout(10):
            await self._scan_started.wait()

    async def advertise(self, address: str, service_data: bytes, rssi_dbm: int = -60, uuid: str = FCD2) -> None:
        """An advertisement with service data, BTHome if nothing else is said, is received."""
        changed = {"ServiceData": Variant("a{sv}", {uuid: Variant("ay", service_data)}), "RSSI": Variant("n", rssi_dbm)}
        await self._receive(address, changed, UUIDs=Variant("as", [uuid]))

    async def advertise_name(self, address: str) -> None:
        """An advertisement that is not BTHome is received."""
        await self._receive(address, {"Name": Variant("s", "a phone"), "RSSI": Variant("n", -80)})

    async def change_rssi(self, address: str, rssi_dbm: int) -> None:
        """The signal strength of a known device moved; BlueZ signals nothing else."""
        await self._receive(address, {"RSSI": Variant("n", rssi_dbm)})

    async def advertise_linking(self, address: str, data: bytes) -> None:
        """An advertisement with Linking's manufacturer data is received."""
        manufacturer = Variant("a{qv}", {0x02E2: Variant("ay", data)})
        await self._receive(address, {"ManufacturerData": manufacturer, "RSSI": Variant("n", -70)})

    async def lose_power(self) -> None:
        """Somebody switches the adapter off."""
        self.powered = False
        self._scanners.clear()
        await self._tell_power()

    def hold_starts(self) -> None:
        """StartDiscovery is not answered from now on."""
        self._may_start.clear()

    def let_starts_go(self) -> None:
        """Those held back are answered now."""
        self._may_start.set()

    async def _tell_power(self) -> None:
        body = ["org.bluez.Adapter1", {"Powered": Variant("b", self.powered)}, []]
        await self._signal(ADAPTER, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", body)

    async def _receive(self, address: str, changed: dict[str, Variant], **fixed: Variant) -> None:
        path = f"{ADAPTER}/dev_{address.replace(':', '_')}"
        if path in self._devices:
            self._devices[path] |= changed
            await self._signal(
                path,
                "org.freedesktop.DBus.Properties",
                "PropertiesChanged",
                "sa{sv}as",
                ["org.bluez.Device1", changed, []],
            )
            return
        names = {"Address": Variant("s", address), "Alias": Variant("s", address.replace(":", "-"))}
        self._devices[path] = names | {"Adapter": Variant("o", ADAPTER)} | fixed | changed
        interfaces = {"org.bluez.Device1": self._devices[path]}
        await self._signal(
            "/", "org.freedesktop.DBus.ObjectManager", "InterfacesAdded", "oa{sa{sv}}", [path, interfaces]
        )

    async def _signal(self, path: str, interface: str, member: str, signature: str, body: list[object]) -> None:
        assert self._bus is not None
        await self._bus.send(Message.new_signal(path, interface, member, signature, body))

    def _answer(self, message: Message) -> Message | bool | None:
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        answer = getattr(self, f"_{message.member}", None)
        return answer(message) if answer is not None else None

    def _GetManagedObjects(self, message: Message) -> Message:
        roles, powered = Variant("as", ["central"]), Variant("b", self.powered)
        adapters = {ADAPTER: self.adapter} | self.others
        objects = {
            path: {"org.bluez.Adapter1": {"Address": Variant("s", address), "Powered": powered, "Roles": roles}}
            for path, address in adapters.items()
        }
        objects |= {path: {"org.bluez.Device1": device} for path, device in self._devices.items()}
        return Message.new_method_return(message, "a{oa{sa{sv}}}", [objects])

    def _SetDiscoveryFilter(self, message: Message) -> Message:
        self.filters.append(message.body[0])
        return Message.new_method_return(message)

    def _StartDiscovery(self, message: Message) -> Message | bool:
        self.asked.append(message.path)
        if not self.powered:
            return Message.new_error(message, "org.bluez.Error.NotReady", "Resource Not Ready")
        if self.wedged or message.sender in self._scanners:
            return Message.new_error(message, "org.bluez.Error.InProgress", "Operation already in progress")
        task = asyncio.create_task(self._start(message))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)
        return True

    async def _start(self, message: Message) -> None:
        # As BlueZ does: the session stands from the call on, the answer comes when the controller has started.
        self._scanners.add(message.sender or "")
        await self._may_start.wait()
        self._scan_started.set()
        assert self._bus is not None
        await self._bus.send(Message.new_method_return(message))

    def _Set(self, message: Message) -> Message:
        self.powered = message.body[2].value
        self.switched.append(self.powered)
        if not self.powered:
            self._scanners.clear()
            self.wedged = False
        return Message.new_method_return(message)

    def _StopDiscovery(self, message: Message) -> Message:
        if message.sender not in self._scanners:
            return Message.new_error(message, "org.bluez.Error.Failed", "No discovery started")
        self._scanners.discard(message.sender)
        if not self._scanners:
            self._scan_started.clear()
        return Message.new_method_return(message)


@pytest.fixture
def system_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    if shutil.which("dbus-daemon") is None:
        pytest.skip("dbus-daemon is not installed (package dbus-daemon)")
    bus = Bus(tmp_path)
    bus.start()
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
    yield bus
    bus.stop()


@pytest.fixture
async def bluez(system_bus: Bus) -> AsyncIterator[Bluez]:
    bluez = Bluez(system_bus.address)
    await bluez.start()
    yield bluez
    await bluez.stop()
