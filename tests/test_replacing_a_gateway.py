"""Replacing a dead gateway with the commands of docs/electrician.md, every hop a real process.

Readings go from an agent through the local broker, the gateway and mutual TLS into the database; then the board burns.
Before it does, its certificate is renewed by itself and by a command of the platform.
And what becomes of a copy of its memory card: it is turned away, says so, and loses nothing.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from shigotoba_gateway.__main__ import main as device
from shigotoba_gateway.identity.keeping import read_identity
from shigotoba_gateway.spool import Spool
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

pytestmark = [pytest.mark.system, pytest.mark.promise]

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
    # Two thirds of this life are over in some seconds: certificates are valid from an hour before they are made.
    site.certify(datetime.now(UTC), timedelta(minutes=30, seconds=18))
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
        running.enter_context(gateway(folder))
        yield Broker(HOST, port, "edge-1", folder / "secrets" / "edge-1")


def readings(first: int) -> list[Reading]:
    return [Reading(f"new-{number}", "count", number, 1_795_000_000_000) for number in range(first, first + 10)]


def ledger_says(site: Office, wanted: str) -> None:
    until(lambda: wanted in site.backend("ledger"), what=wanted)


def gateway(folder: Path) -> AbstractContextManager[None]:
    return process(*ours("shigotoba_gateway", "run", "--settings", str(folder / "gateway.toml")))


def copy_of(card: Path, folder: Path) -> Path:
    """A copy of a memory card in another board, with readings of its own that wait."""
    shutil.copytree(card, folder, symlinks=True, ignore=shutil.ignore_patterns("spool.sqlite*", "*.json"))
    settings = folder / "gateway.toml"
    text = settings.read_text().replace(str(card), str(folder))
    settings.write_text(re.sub(r'(host = "127.0.0.1"\n)port = \d+', r"\1port = 1", text, count=1))
    spool = Spool.open(folder / "state" / "spool.sqlite", "honcho", "gw-1")
    spool.keep(readings(30))
    spool.close()
    return folder


def check_the_copy(site: Office, first: Path, copy: Path) -> None:
    """It is turned away and says so, as does the other; claimed anew it is heard, with all that waited."""
    site.device = copy
    with gateway(copy):
        until(lambda: "turned_away" in site.findings(), what="the copy's word for it")
        assert "10 readings wait here" in site.status("en")
        assert "gw-1: good" in site.backend("gateway", "list")
        assert "another machine under this name is turned away" in site.backend("gateway", "list")
        assert "2 epochs, 30 received, 0 missing" in site.backend("ledger")
        site.device = first
        until(lambda: "twin" in site.findings(), what="the first one's word of the copy")
    site.device = copy
    site.claim(site.invite())
    with gateway(copy):
        ledger_says(site, "3 epochs, 40 received, 0 missing")


def serial(site: Office) -> str:
    return read_identity(site.device / "state" / "identity").serial


def speaks_with_it(site: Office) -> bool:
    """Whether the connection to the platform is younger than the certificate in force."""
    report, written = site.report(), site.device / "state" / "identity" / "current" / "certificate.pem"
    way = report.upstream if report else None
    return way is not None and way.connected and report.at_ms / 1000 - way.up_s > written.stat().st_mtime


def becomes(site: Office, wanted: str, kind: str) -> None:
    """A command is given by the platform, and what the platform then hears of it."""
    site.backend("gateway", "command", "gw-1", kind)
    until(lambda: wanted in site.backend("gateway", "commands", "gw-1").splitlines()[0], what=wanted)


def check_renewals(site: Office, outbox: Outbox) -> None:
    """By itself at two thirds of its life and by command: the gateway goes over, and what came before is not needed."""
    first = site.certified
    until(lambda: serial(site) != first, what="a renewal by itself")
    until(lambda: speaks_with_it(site), what="a connection with the new certificate")
    site.platform.revoke(int(first, 16))
    site.restart_broker()
    outbox.append(readings(20))
    ledger_says(site, "2 epochs, 30 received, 0 missing")

    second = serial(site)
    becomes(site, "done: certificate renewed, good until", "rotate_certificate")
    assert serial(site) not in {first, second}
    until(lambda: speaks_with_it(site), what="a connection with the third")
    becomes(site, "done: this gateway has no light to blink with; its page says so", "identify")
    with psycopg.connect(site.database, autocommit=True) as conn:
        revoke = "UPDATE shigotoba.gateway_certificate SET revoked_at = %s, revocation = %s WHERE serial = %s"
        conn.execute(revoke, [datetime.now(UTC), "lost", serial(site)])
        becomes(site, "failed: The certificate was revoked at", "rotate_certificate")
        conn.execute(revoke, [None, None, serial(site)])


def test_a_new_board_takes_over_and_no_reading_is_lost_and_a_copied_card_is_turned_away(
    site: Office, tmp_path: Path
) -> None:
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
                ledger_says(site, wanted)
                until(lambda: site.findings() == ["no_agent"], what="a status without trouble")
                if number == 1:
                    check_renewals(site, outbox)
                courier.stop()
                if number == 1:
                    check_the_copy(site, site.device, copy_of(site.device, tmp_path / "copy"))
    outbox.close()
    assert "gw-1: good" in site.backend("gateway", "list")
