"""The first start of the compose stack, so far as it needs no engine: its scripts run, with the backend's commands.

In the stack those commands run in the container ``tools``; here Python runs them, with the places of the container
exchanged for this test's. What remains is said by ``check-with-engine.sh`` itself.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from cryptography import x509

from shigotoba_standalone import brokers
from shigotoba_standalone.ports import HOST, answers, free_ports
from shigotoba_testing.waiting import until
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.settings import Broker

COMPOSE = Path(__file__).parents[1] / "deploy" / "compose"
NAME = "localhost"
"""What the stack is called here, so that its certificates hold for this machine."""
PARTS = ("ingest", "api", "jobs")
FreshDatabases = Callable[[], AbstractContextManager[str]]


class Machine:
    """A directory with a deploy/compose of its own.

    Attributes:
        root: Where the scripts are run.
        places: What of the containers is where here.
    """

    def __init__(self, root: Path, database: str) -> None:
        self.root = root
        self.settings, self.secrets = root / "deploy/compose/settings", root / "deploy/compose/secrets"
        self.settings.mkdir(parents=True)
        shutil.copy(COMPOSE / "settings/backend.toml.in", self.settings)
        self.places = {
            "host=database dbname=shigotoba user=shigotoba passfile=/run/shigotoba-secrets/pgpass": database,
            "/run/shigotoba-secrets": str(self.secrets),
            "/var/lib/shigotoba": str(root / "volumes"),
        }

    def here(self, text: str, more: Mapping[str, str] | None = None) -> str:
        for there, here in {**self.places, **(more or {})}.items():
            text = text.replace(there, here)
        return text

    def first_start(self) -> None:
        """Files and certificates."""
        self._run("files.sh", NAME)
        tools = self.root / "tools.toml"
        tools.write_text(self.here((self.settings / "backend.toml").read_text(encoding="utf-8")), encoding="utf-8")
        python = (sys.executable, "-P", "-m")
        self._run("certificates.sh", NAME, str(tools), str(self.secrets), str(self.secrets), *python)

    def _run(self, script: str, *arguments: str) -> None:
        command = ["sh", str(COMPOSE / "first" / script), *arguments]
        done = subprocess.run(command, cwd=self.root, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def certificate(self, name: str) -> x509.Certificate:
        return x509.load_pem_x509_certificate((self.secrets / f"{name}.pem").read_bytes())


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, fresh_database: FreshDatabases) -> Iterator[Machine]:
    """A machine after its first start."""
    with fresh_database() as database:
        made = Machine(tmp_path_factory.mktemp("stack"), database)
        made.first_start()
        yield made


@pytest.fixture
def port(machine: Machine) -> Iterator[int]:
    """Where this machine's mosquitto, configured as the stack's broker, listens for our parts."""
    if brokers.mosquitto.find() is None:
        pytest.skip("mosquitto is not installed (package mosquitto)")
    outer, inner = free_ports(2)
    ports = {"listener 8883": f"listener {outer} {HOST}", "listener 8884": f"listener {inner} {HOST}"}
    text = machine.here((COMPOSE / "settings/mosquitto.conf").read_text(encoding="utf-8"), ports)
    user = "user root\n" if os.geteuid() == 0 else ""
    (machine.root / "mosquitto.conf").write_text(user + text, encoding="utf-8")
    (machine.root / "volumes/sessions").mkdir()
    with (machine.root / "broker.log").open("wb") as log:
        command = [str(brokers.mosquitto.find()), "-c", str(machine.root / "mosquitto.conf")]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    until(lambda: answers(inner) and answers(outer), what="the broker")
    yield inner
    process.terminate()
    process.wait()


@pytest.mark.integration
def test_secrets_are_made_once_and_are_nobodys_business(machine: Machine) -> None:
    before = {path.name: path.read_bytes() for path in machine.secrets.iterdir()}
    assert before["database_password"] != before["grafana_password"]
    assert before["database_password"] in before["pgpass"]
    for path in machine.secrets.iterdir():
        assert not path.stat().st_mode & stat.S_IROTH or path.suffix == ".pem", path.name
    machine.first_start()
    assert {path.name: path.read_bytes() for path in machine.secrets.iterdir()} == before


@pytest.mark.integration
def test_settings_can_be_read_by_the_containers_and_have_no_gap_left(machine: Machine) -> None:
    written = {path.stem: path for path in machine.settings.glob("*.toml")}
    assert written.keys() == {"backend", *PARTS}
    for path in written.values():
        assert path.stat().st_mode & stat.S_IROTH
        assert "@" not in path.read_text(encoding="utf-8")


@pytest.mark.integration
def test_the_brokers_certificate_has_the_names_it_is_called_by_and_each_part_has_one_of_its_own(
    machine: Machine,
) -> None:
    names = machine.certificate("broker").extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [NAME, "broker"]
    for part in PARTS:
        assert machine.certificate(part).subject.rfc4514_string() == f"CN={part}"


@pytest.mark.integration
def test_the_stacks_broker_lets_a_part_in_by_what_the_first_start_has_made_and_nobody_without(
    machine: Machine, port: int
) -> None:
    ca, certificate, key = (machine.secrets / name for name in ("ca.pem", "ingest.pem", "ingest.key"))
    part = Inbox(Broker(NAME, port, ca_file=ca, cert_file=certificate, key_file=key), "part", ["shigotoba/v1/#"])
    stranger = Inbox(Broker(NAME, port, ca_file=ca), "stranger", ["shigotoba/v1/#"])
    part.start()
    stranger.start()
    until(lambda: part.connected, what="the part's connection")
    until(lambda: stranger.trouble != "", what="the refusal of a stranger")
    assert not stranger.connected
    part.stop()
    stranger.stop()


def test_without_an_engine_the_check_says_what_has_not_been_checked() -> None:
    said = subprocess.run(
        ["sh", str(COMPOSE / "check-with-engine.sh")],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "DOCKER_HOST": "unix:///nowhere/docker.sock"},
    )
    assert said.returncode == 2
    assert "Not checked:" in said.stderr
    assert said.stderr.count("  - ") == (COMPOSE / "check-with-engine.sh").read_text(encoding="utf-8").count("() {") - 1
