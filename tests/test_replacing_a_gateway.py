"""Replacing a dead gateway with the commands of docs/electrician.md, every hop a real process.

Readings go from an agent through the local broker, the gateway and mutual TLS into the database; then the board burns.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from shigotoba_gateway.__main__ import main as device
from shigotoba_standalone.brokers import mosquitto
from shigotoba_standalone.ports import HOST, answers, free_ports
from shigotoba_testing.office import Office, said, site
from shigotoba_testing.waiting import until
from shigotoba_wire.courier import Courier
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Reading
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import local

__all__ = ["site"]

pytestmark = pytest.mark.system

LOCAL = Path(__file__).parents[1] / "deploy" / "mosquitto" / "local.conf"


@contextmanager
def process(*command: str) -> Iterator[None]:
    running = subprocess.Popen(command)
    try:
        yield
    finally:
        running.kill()
        running.wait()


def ours(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *arguments)


@contextmanager
def board(site: Office, folder: Path, port: int) -> Iterator[Broker]:
    """A new board on the ceiling, from the invitation to the running services; how an agent reaches it."""
    for place in ("run", "broker"):
        (folder / place).mkdir(parents=True)
    site.device = folder
    site.claim(site.invite())
    settings = folder / "gateway.toml"
    where = ["--settings", str(settings), "--broker", str(folder / "broker"), "--secrets", str(folder / "secrets")]
    said(device, "agent", "add", "edge-1", *where)
    text = settings.read_text().replace("port = 1883", f"port = {port}").replace('page_host = "0.0.0.0"', "")
    text = text.replace(str(folder / "local-password"), str(folder / "secrets" / "gateway"))
    settings.write_text(text.replace('led = "ACT"', "").replace("announce = true", ""))
    rules = LOCAL.read_text().replace("/etc/mosquitto/shigotoba", str(folder / "broker"))
    configuration = folder / "mosquitto.conf"
    configuration.write_text(rules.replace("listener 1883", f"listener {port}") + "\nuser root\n")
    with ExitStack() as running:
        running.enter_context(process(str(mosquitto.find()), "-c", str(configuration)))
        until(lambda: answers(port))
        running.enter_context(process(*ours("shigotoba_gateway", "run", "--settings", str(settings))))
        yield Broker(HOST, port, "edge-1", folder / "secrets" / "edge-1")


def readings(first: int) -> list[Reading]:
    return [Reading(f"new-{number}", "count", number, 1_795_000_000_000) for number in range(first, first + 10)]


def test_a_new_board_takes_over_and_no_reading_of_the_agents_is_lost(site: Office, tmp_path: Path) -> None:
    site.backend("ca", "service", "ingest", "--out", str(site.home / "ingest"))
    own = site.home / "ingest"
    files = f'ca_file = "{own}/ca.pem"\ncert_file = "{own}/ingest.pem"\nkey_file = "{own}/ingest.key"\n'
    settings = site.home / "backend.toml"
    settings.write_text(settings.read_text().replace("port = 1\n", f"port = {site.platform.inner_port}\n{files}"))
    outbox = Outbox.open(tmp_path / "edge.sqlite", "gw-1", "edge-1")
    with process(*ours("shigotoba_backend", "ingest", "--settings", str(settings))):
        for number, wanted in enumerate(("1 epochs, 10 received, 0 missing", "2 epochs, 20 received, 0 missing")):
            outbox.append(readings(10 * number))
            with board(site, tmp_path / f"board-{number}", free_ports(1)[0]) as broker:
                courier = Courier(outbox, broker, local("gw-1", "edge-1"))
                courier.start()
                until(lambda wanted=wanted: wanted in site.backend("ledger"), what=wanted)
                until(lambda: site.findings() == ["no_agent"], what="a status without trouble")
                courier.stop()
    outbox.close()
    assert "gw-1: good" in site.backend("gateway", "list")
