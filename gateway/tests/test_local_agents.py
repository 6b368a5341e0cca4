"""The users of the gateway's own broker, with a real mosquitto: a password each, topics of their own."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from shigotoba_gateway.__main__ import main
from shigotoba_gateway.identity.agents import LocalBroker
from shigotoba_standalone.brokers import mosquitto
from shigotoba_standalone.ports import HOST, answers, free_ports
from shigotoba_testing.waiting import until
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.link import Link
from shigotoba_wire.settings import Broker

pytestmark = pytest.mark.integration

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "mosquitto" / "local.conf"
SETTINGS = """
site = "honcho"
gateway = "gw-1"
spool = "spool.sqlite"
[local]
host = "127.0.0.1"
port = 1883
[upstream]
host = "127.0.0.1"
port = 1884
"""


@pytest.fixture
def files(tmp_path: Path) -> LocalBroker:
    if mosquitto.find() is None or shutil.which("mosquitto_passwd") is None:
        pytest.skip("mosquitto is not installed (package mosquitto)")
    (tmp_path / "gateway.toml").write_text(SETTINGS)
    return LocalBroker(tmp_path / "broker", tmp_path / "secrets")


def agent(files: LocalBroker, *arguments: str) -> int:
    where = ["--settings", str(files.directory.parent / "gateway.toml")]
    return main(["agent", *arguments, *where, "--broker", str(files.directory), "--secrets", str(files.secrets)])


@pytest.fixture
def port(files: LocalBroker) -> Iterator[int]:
    """A running broker with the configuration of deploy/ that knows edge-1, edge-2 and zigbee."""
    for arguments in (["edge-1"], ["edge-2"], ["zigbee", "--topic", "zigbee2mqtt/#"]):
        assert agent(files, "add", *arguments) == 0
    port = free_ports(1)[0]
    text = CONFIGURATION.read_text().replace("/etc/mosquitto/shigotoba", str(files.directory))
    configuration = files.directory / "mosquitto.conf"
    configuration.write_text(text.replace("listener 1883", f"listener {port}") + "\nuser root\n")
    process = subprocess.Popen([str(mosquitto.find()), "-c", str(configuration)], stderr=subprocess.DEVNULL)
    until(lambda: answers(port))
    yield port
    process.terminate()
    process.wait()


@contextmanager
def listening(broker: Broker, heard: list[str]) -> Iterator[Link]:
    def on_delivery(delivery: Delivery) -> None:
        heard.append(delivery.topic)
        delivery.connection.acknowledge(delivery)

    link = Link(broker, Session(broker.username, ("#",)), on_delivery)
    link.start()
    try:
        yield link
    finally:
        link.stop()


def said(link: Link, topic: str, heard: list[str]) -> bool:
    """Whether it was heard yet; said once more if not, for who has not subscribed yet hears nothing."""
    link.publish(topic, b"")
    return topic in heard


def test_each_user_reaches_its_own_topics_alone(files: LocalBroker, port: int) -> None:
    base = "shigotoba/v1/local/gw-1"
    got: dict[str, list[str]] = {name: [] for name in ("gw-1", "edge-1", "edge-2", "zigbee")}
    with ExitStack() as stack:
        links = [
            stack.enter_context(listening(Broker(HOST, port, name, files.secret(name)), got[name])) for name in got
        ]
        gateway, first, second, zigbee = links
        until(lambda: said(first, f"{base}/edge-1/up/probe", got["gw-1"]))
        until(lambda: said(gateway, f"{base}/edge-1/down/probe", got["edge-1"]))
        until(lambda: said(gateway, f"{base}/edge-2/down/probe", got["edge-2"]))
        until(lambda: said(zigbee, "zigbee2mqtt/probe", got["zigbee"]))
        gateway.publish(f"{base}/edge-1/down/receipts", b"1")
        first.publish(f"{base}/edge-1/up/health", b"2")
        zigbee.publish("zigbee2mqtt/door", b"4")
        until(lambda: {f"{base}/edge-1/down/receipts", f"{base}/edge-1/up/health"} <= set(got["edge-1"]))
        until(lambda: "zigbee2mqtt/door" in got["zigbee"])
        first.publish(f"{base}/edge-2/up/readings", b"forged")
        zigbee.publish(f"{base}/edge-2/up/events", b"forged")
        until(lambda: f"{base}/edge-2/up/readings" in first.denied and f"{base}/edge-2/up/events" in zigbee.denied)
        second.publish(f"{base}/edge-2/up/readings", b"3")
        until(lambda: {"zigbee2mqtt/door", f"{base}/edge-2/up/readings"} <= set(got["gw-1"]))
    heard = {name: sorted(topic for topic in topics if not topic.endswith("/probe")) for name, topics in got.items()}
    assert heard["gw-1"].count(f"{base}/edge-2/up/readings") == 1
    assert f"{base}/edge-2/up/events" not in heard["gw-1"]
    assert heard["edge-1"] == [f"{base}/edge-1/down/receipts", f"{base}/edge-1/up/health"]
    assert (heard["edge-2"], heard["zigbee"]) == ([], ["zigbee2mqtt/door"])


def test_passwords_are_hashed_kept_private_and_never_printed(files: LocalBroker, capsys) -> None:
    written = files.directory.parent / "edge.toml"
    assert agent(files, "add", "edge-1", "--write-settings", str(written)) == 0
    assert agent(files, "list") == 0
    password = files.secret("edge-1").read_text().strip()
    printed = capsys.readouterr()
    assert password not in printed.out + printed.err + files.passwords.read_text()
    assert files.passwords.read_text().count("$7$") == 2
    assert {path.stat().st_mode & 0o777 for path in (files.secret("edge-1"), files.passwords, files.access)} == {0o600}
    assert (files.secrets / "gateway").read_text() == files.secret("gw-1").read_text()
    assert 'agent = "edge-1"' in written.read_text()


def test_an_agent_added_again_keeps_its_password_and_a_removed_one_loses_it(files: LocalBroker) -> None:
    agent(files, "add", "edge-1")
    before = files.secret("edge-1").read_text()
    agent(files, "add", "edge-1")
    assert files.secret("edge-1").read_text() == before
    assert agent(files, "remove", "edge-1") == 0
    assert "edge-1" not in files.passwords.read_text() + files.access.read_text()
    assert agent(files, "remove", "edge-1") == 1
    assert agent(files, "add", "edge/+") == 1
