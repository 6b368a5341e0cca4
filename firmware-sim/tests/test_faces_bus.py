"""The private message bus: a real dbus-daemon or our own, to clients alike."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
from pathlib import Path

import pytest
from dbus_fast import Message, MessageType, NameFlag, RequestNameReply
from dbus_fast.aio import MessageBus

from shigotoba_sim.faces.bus import DaemonBus, OwnBus, bus_address, open_bus
from shigotoba_wire.errors import SettingsError


@pytest.fixture(params=["daemon", "own"])
async def bus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("バス") / "dbus.sock"
    daemon = shutil.which("dbus-daemon")
    if request.param == "daemon" and daemon is None:
        pytest.skip("dbus-daemon is not installed")
    path.touch()
    opened = DaemonBus(path, Path(str(daemon))) if request.param == "daemon" else OwnBus(path)
    await opened.open()
    yield bus_address(path)
    await opened.close()
    assert not any(path.parent.iterdir())


@pytest.fixture
async def client(bus: str):
    connected = await MessageBus(bus_address=bus).connect()
    yield connected
    connected.disconnect()
    await connected.wait_for_disconnect()


def to_the_bus(member: str, signature: str = "", *body: object) -> Message:
    return Message(
        destination="org.freedesktop.DBus",
        path="/org/freedesktop/DBus",
        interface="org.freedesktop.DBus",
        member=member,
        signature=signature,
        body=list(body),
    )


async def test_a_name_has_one_owner_and_everybody_may_ask_for_it(bus: str, client: MessageBus) -> None:
    other = await MessageBus(bus_address=bus).connect()
    assert await client.request_name("org.bluez") is RequestNameReply.PRIMARY_OWNER
    assert await client.request_name("org.bluez") is RequestNameReply.ALREADY_OWNER
    assert await other.request_name("org.bluez", NameFlag.DO_NOT_QUEUE) is RequestNameReply.EXISTS
    owner = await other.call(to_the_bus("GetNameOwner", "s", "org.bluez"))
    assert owner.body == [client.unique_name]
    assert (await other.call(to_the_bus("NameHasOwner", "s", "org.nobody"))).body == [False]
    assert {"org.bluez", client.unique_name, other.unique_name} <= set(
        (await other.call(to_the_bus("ListNames"))).body[0]
    )
    nobody = await other.call(to_the_bus("GetNameOwner", "s", "org.nobody"))
    assert nobody.error_name == "org.freedesktop.DBus.Error.NameHasNoOwner"
    other.disconnect()
    await other.wait_for_disconnect()


async def test_a_client_that_goes_is_announced_with_all_its_names(bus: str, client: MessageBus, eventually) -> None:
    seen: list[list[str]] = []
    client.add_message_handler(
        lambda message: seen.append(message.body) if message.member == "NameOwnerChanged" else None
    )
    await client.call(to_the_bus("AddMatch", "s", "type='signal',member='NameOwnerChanged'"))
    other = await MessageBus(bus_address=bus).connect()
    await other.request_name("org.bluez")
    name = other.unique_name
    other.disconnect()
    await other.wait_for_disconnect()
    await eventually(lambda: [name, name, ""] in seen)
    assert seen.index(["org.bluez", "", name]) < seen.index(["org.bluez", name, ""])


async def test_signals_reach_only_who_asked_and_say_who_sent_them(bus: str, client: MessageBus, eventually) -> None:
    seen: list[Message] = []
    client.add_message_handler(lambda message: seen.append(message) if message.member in {"Wanted", "Not"} else None)
    rule = "type='signal',path_namespace='/org/bluez'"
    await client.call(to_the_bus("AddMatch", "s", rule))
    other = await MessageBus(bus_address=bus).connect()
    await other.send(Message.new_signal("/org/other", "org.x.Y", "Not", "s", ["no"]))
    await other.send(Message.new_signal("/org/bluez/hci0", "org.x.Y", "Wanted", "s", ["yes"]))
    await eventually(lambda: bool(seen))
    assert [(message.member, message.sender, message.body) for message in seen] == [
        ("Wanted", other.unique_name, ["yes"])
    ]
    await client.call(to_the_bus("RemoveMatch", "s", rule))
    again = await client.call(to_the_bus("RemoveMatch", "s", rule))
    assert again.error_name == "org.freedesktop.DBus.Error.MatchRuleNotFound"
    other.disconnect()
    await other.wait_for_disconnect()


async def test_a_call_to_nobody_and_an_unknown_method_are_answered_with_errors(client: MessageBus) -> None:
    lost = await client.call(Message(destination="org.nobody", path="/", interface="a.b", member="C"))
    assert lost.message_type is MessageType.ERROR
    assert lost.error_name == "org.freedesktop.DBus.Error.ServiceUnknown"
    odd = await client.call(to_the_bus("MakeTea"))
    assert odd.error_name == "org.freedesktop.DBus.Error.UnknownMethod"
    wrong = await client.call(to_the_bus("AddMatch", "s", "colour='red'"))
    assert wrong.error_name == "org.freedesktop.DBus.Error.MatchRuleInvalid"


async def test_a_call_is_carried_to_the_owner_of_a_name_and_its_answer_back(bus: str, client: MessageBus) -> None:
    other = await MessageBus(bus_address=bus).connect()
    await other.request_name("org.bluez")
    other.add_message_handler(
        lambda message: (
            Message.new_method_return(message, "s", [f"{message.body[0]}!"]) if message.member == "Shout" else None
        )
    )
    answer = await client.call(
        Message(destination="org.bluez", path="/", interface="a.b", member="Shout", signature="s", body=["hey"])
    )
    assert (answer.body, answer.sender) == (["hey!"], other.unique_name)
    other.disconnect()
    await other.wait_for_disconnect()


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\0AUTH ANONYMOUS\r\nBEGIN\r\n",
        b"\0AUTH EXTERNAL 393939\r\nBEGIN\r\n",
        b"\0" + 40 * b"NONSENSE\r\n",
        b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\nBEGIN\r\n" + 64 * b"\xff",
    ],
)
async def test_whoever_does_not_speak_d_bus_is_cut_off_and_harms_nobody(tmp_path: Path, said: bytes) -> None:
    bus = OwnBus(tmp_path / "dbus.sock")
    await bus.open()
    reader, writer = await asyncio.open_unix_connection(tmp_path / "dbus.sock")
    writer.write(said)
    writer.write_eof()
    async with asyncio.timeout(30):
        await reader.read()
    writer.close()
    client = await MessageBus(bus_address=bus_address(tmp_path / "dbus.sock")).connect()
    assert client.connected
    client.disconnect()
    await client.wait_for_disconnect()
    await bus.close()


async def test_our_own_bus_serves_where_no_daemon_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    bus = await open_bus(tmp_path / "dbus.sock")
    assert isinstance(bus, OwnBus)
    await bus.close()


async def test_a_socket_path_too_long_or_in_no_folder_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"dbus_socket: .*at most 107\. Choose a shorter folder"):
        await open_bus(tmp_path / ("x" * 100) / "dbus.sock")
    with pytest.raises(SettingsError, match=r"dbus_socket: .*No such file"):
        await open_bus(tmp_path / "nowhere" / "dbus.sock")


@pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="dbus-daemon is not installed")
async def test_the_death_of_the_daemon_is_told(tmp_path: Path) -> None:
    bus = await open_bus(tmp_path / "dbus.sock")
    assert isinstance(bus, DaemonBus)
    told = asyncio.create_task(bus.died())
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(tmp_path / "dbus.sock"))
        packed = probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 4)
        os.kill(int.from_bytes(packed, "little"), signal.SIGKILL)
    assert "ended with -9" in await told
    await bus.close()
