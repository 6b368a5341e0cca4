"""A platform that gives out identities, and a device that wants one: API over HTTPS and mosquitto as processes."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives import serialization

from shigotoba_backend.cli import main as backend
from shigotoba_backend.enrolment.authority import open_authority
from shigotoba_backend.enrolment.requests import read_request
from shigotoba_backend.enrolment.rows import keep_certificate, pem_of
from shigotoba_backend.site.description import Site, SiteFile
from shigotoba_backend.site.importing import import_site
from shigotoba_gateway.__main__ import main as device
from shigotoba_gateway.identity.keeping import adopt, pending_key, request_for, tidy
from shigotoba_gateway.status.report import Report, read_report
from shigotoba_standalone import brokers
from shigotoba_standalone.ports import HOST, answers, free_ports
from shigotoba_testing.authority import Platform
from shigotoba_testing.waiting import until

BACKEND = """
database = "{database}"
[broker]
host = "{host}"
port = 1
[web]
host = "{host}"
port = {web_port}
public_url = "https://{host}:{web_port}"
cert_file = "{home}/servers/web.pem"
key_file = "{home}/servers/web.key"
[enrolment]
authority = "{home}/ca"
broker_files = "{home}/broker"
broker_host = "{host}"
broker_port = {broker_port}
broker_pid_file = "{home}/broker/pid"
"""


@dataclass
class Office:
    """A platform in a directory, and a device in another.

    Attributes:
        home: Of the platform.
        device: Of the gateway.
        platform: Its broker.
        api: Its API, over HTTPS.
        database: Its conninfo.
        certified: Serial of the certificate that ``certify`` last put in force, hexadecimal.
    """

    home: Path
    device: Path
    platform: Platform
    api: subprocess.Popen[bytes]
    database: str
    certified: str = ""

    def backend(self, *arguments: str) -> str:
        return said(backend, *arguments, "--settings", str(self.home / "backend.toml"))

    def device_options(self) -> list[str]:
        where = {"settings": "gateway.toml", "state": "state", "run": "run", "local-password": "local-password"}
        return [part for name, place in where.items() for part in (f"--{name}", str(self.device / place))]

    def invite(self) -> Path:
        line = self.home / "invitation"
        printed = self.backend("gateway", "invite", "gw-1", "--file", str(line), "--no-qr")
        assert "for one device" in printed
        return line

    def claim(self, line: Path, expected: int = 0) -> str:
        return said(device, "claim", "--invitation", str(line), *self.device_options(), expected=(expected,))

    def certify(self, begins: datetime, life: timedelta) -> None:
        """Puts a certificate of the platform's authority with another life in force on the device."""
        identity = self.device / "state" / "identity"
        request = request_for(pending_key(identity), "gw-1").public_bytes(serialization.Encoding.PEM)
        requester = read_request(request.decode(), "gw-1")
        certificate = self.platform.authority.issue_client(requester, life, begins)
        with psycopg.connect(self.database, autocommit=True) as conn:
            keep_certificate(conn, certificate, requester, "renewal")
        self.certified = adopt(identity, pem_of(certificate), self.platform.authority.pem.decode()).serial
        tidy(identity)

    def restart_broker(self) -> None:
        """Ends every connection, and lets the broker read all its files anew."""
        self.platform.stop()
        self.start_broker()

    def start_broker(self) -> None:
        """Starts it, and says where it can be asked to read its files anew."""
        self.platform.start()
        (self.home / "broker" / "pid").write_text(str(self.platform.pid), encoding="ascii")

    def report(self) -> Report | None:
        return read_report(self.device / "run" / "status.json")

    def findings(self) -> list[str]:
        report = self.report()
        return [finding.code for finding in report.findings] if report else []

    def status(self, language: str) -> str:
        settings = str(self.device / "gateway.toml")
        return said(device, "status", "--settings", settings, "--language", language, expected=(0, 1))


def said(main: Callable[[list[str]], int], *arguments: str, expected: tuple[int, ...] = (0,)) -> str:
    """What a command prints, on either channel."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        status = main(list(arguments))
    assert status in expected, out.getvalue()
    return out.getvalue()


@pytest.fixture
def site(database: str, tmp_path: Path) -> Iterator[Office]:
    if brokers.choose() is not brokers.Kind.MOSQUITTO:
        pytest.skip("mosquitto is not installed (package mosquitto)")
    with psycopg.connect(database, autocommit=True) as conn:
        place = Site("honcho", "本庁舎", "Main building", "Asia/Tokyo")
        import_site(conn, SiteFile(place, [], [], [], datetime(2026, 10, 1, tzinfo=UTC)))
    home, device_home = tmp_path / "platform", tmp_path / "device"
    for directory in (home, home / "broker", device_home, device_home / "run"):
        directory.mkdir(mode=0o755)
    broker_port, inner_port, web_port = free_ports(3)
    values = {"database": database, "host": HOST, "home": home, "web_port": web_port, "broker_port": broker_port}
    (home / "backend.toml").write_text(BACKEND.format(**values))
    said(backend, "ca", "init", "--settings", str(home / "backend.toml"))
    for name in ("web", "broker"):
        arguments = ["ca", "server", name, HOST, "--out", str(home / "servers")]
        said(backend, *arguments, "--settings", str(home / "backend.toml"))
    for name in ("broker.pem", "broker.key"):
        (home / "broker" / name).write_bytes((home / "servers" / name).read_bytes())
    platform = Platform(home / "broker", open_authority(home / "ca"), broker_port, inner_port)
    api = subprocess.Popen([sys.executable, "-m", "shigotoba_backend", "api", "--settings", str(home / "backend.toml")])
    office = Office(home, device_home, platform, api, database)
    office.start_broker()
    until(lambda: answers(web_port))
    yield office
    api.terminate()
    api.wait()
    platform.stop()
