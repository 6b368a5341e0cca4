"""A real authority and a real mosquitto that trusts it, as deploy/mosquitto configures it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shigotoba_backend.enrolment.access import access_list
from shigotoba_backend.enrolment.authority import Authority, Revoked, make_authority, private_pem
from shigotoba_backend.enrolment.requests import Requester
from shigotoba_backend.enrolment.rows import Admitted
from shigotoba_standalone import brokers
from shigotoba_standalone.ports import HOST, free_ports
from shigotoba_testing.waiting import until
from shigotoba_wire.settings import Broker

CONFIGURATION = Path(__file__).parents[3] / "deploy" / "mosquitto" / "upstream.conf"
DAY = timedelta(days=1)
RUNNING = " running\n"


@dataclass
class Platform:
    """An authority and the broker beside it.

    Attributes:
        directory: Holds everything.
        authority: Signs.
        port: Where gateways connect.
        inner_port: Where the platform's own parts connect.
    """

    directory: Path
    authority: Authority
    port: int
    inner_port: int
    revoked: list[Revoked] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None

    def admit(self, *gateways: str, site: str = "honcho") -> None:
        """These gateways, and no others, stand in the access list."""
        self._write("acl", access_list([Admitted(site, gateway) for gateway in gateways]).encode())

    def revoke(self, serial: int) -> None:
        """Puts a certificate on the revocation list."""
        self.revoked.append(Revoked(serial, datetime.now(UTC)))
        self._write("crl.pem", self.authority.revocation_list(self.revoked, datetime.now(UTC)))

    def identity(self, name: str, life: timedelta = 90 * DAY, begins: datetime | None = None) -> Broker:
        """How ``name`` connects with a certificate of its own."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self.authority.issue_client(Requester(name, key.public_key()), life, begins or datetime.now(UTC))
        folder = self.directory / f"{name}-{certificate.serial_number:x}"
        folder.mkdir()
        (folder / "key.pem").write_bytes(private_pem(key))
        (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        inner = name in {"ingest", "api", "jobs"}
        return Broker(
            HOST,
            self.inner_port if inner else self.port,
            ca_file=self.directory / "ca.pem",
            cert_file=folder / "certificate.pem",
            key_file=folder / "key.pem",
            keepalive_s=5,
        )

    def start(self) -> None:
        """Starts mosquitto with the configuration of deploy/, its places and ports put in.

        It listens before it minds signals: a SIGHUP in between would end it. That it runs it says after both.
        """
        text = CONFIGURATION.read_text(encoding="utf-8")
        for there, here in {
            "/var/lib/shigotoba/broker": str(self.directory),
            "/etc/shigotoba/broker": str(self.directory),
            "listener 8883": f"listener {self.port} {HOST}",
            "listener 8884": f"listener {self.inner_port}",
        }.items():
            assert there in text
            text = text.replace(there, here)
        user = "root" if os.geteuid() == 0 else ""
        self._write(
            "mosquitto.conf",
            f"{'user ' + user if user else ''}\npersistence_location {self.directory}/\n{text}".encode(),
        )
        executable = brokers.mosquitto.find()
        before = self.log().count(RUNNING)
        with (self.directory / "broker.log").open("ab") as log:
            command = [str(executable), "-c", str(self.directory / "mosquitto.conf")]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        until(lambda: self.log().count(RUNNING) > before, what="a broker that runs")

    def wipe(self) -> None:
        """Ends it, and lets it forget every session and retained message."""
        self.stop()
        (self.directory / "mosquitto.db").unlink(missing_ok=True)
        self.start()

    @property
    def pid(self) -> int:
        """Of the broker."""
        assert self._process is not None
        return self._process.pid

    def reload(self) -> None:
        """Asks the broker to read its files anew, as the platform does."""
        assert self._process is not None
        before = self.log().count("Reloading config")
        self._process.send_signal(signal.SIGHUP)
        until(lambda: self.log().count("Reloading config") > before)

    def stop(self) -> None:
        """Ends the broker."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def log(self) -> str:
        """What the broker has said."""
        file = self.directory / "broker.log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    def _write(self, name: str, content: bytes) -> None:
        (self.directory / name).write_bytes(content)


def make_platform(directory: Path, gateways: Iterable[str]) -> Platform:
    """An authority with a server certificate for this machine, and these gateways admitted."""
    now = datetime.now(UTC)
    platform = Platform(directory, make_authority(directory, "Test", now), *free_ports(2))
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = platform.authority.issue_server(Requester("broker", key.public_key()), [HOST, "localhost"], now)
    (directory / "broker.key").write_bytes(private_pem(key))
    (directory / "broker.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (directory / "crl.pem").write_bytes(platform.authority.revocation_list([], now))
    platform.admit(*gateways)
    return platform


def uplink_papers(directory: Path, gateway: str) -> Path:
    """What a demo needs for its gateway's link over TLS: an authority, its broker's papers and ``gateway``'s."""
    now = datetime.now(UTC)
    authority = make_authority(directory, "Test", now)
    broker, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issued = {
        "broker": (broker, authority.issue_server(Requester("broker", broker.public_key()), [HOST], now)),
        "gateway": (own, authority.issue_client(Requester(gateway, own.public_key()), 90 * DAY, now)),
    }
    for name, (key, certificate) in issued.items():
        (directory / f"{name}.key").write_bytes(private_pem(key))
        (directory / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return directory


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A running broker that admits gw-1 and gw-2."""
    if brokers.mosquitto.find() is None or shutil.which("mosquitto_passwd") is None:
        pytest.skip("mosquitto is not installed (package mosquitto)")
    platform = make_platform(tmp_path_factory.mktemp("platform"), ["gw-1", "gw-2"])
    platform.start()
    yield platform
    platform.stop()
