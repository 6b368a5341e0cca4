"""The first start of the compose stack, so far as it needs no engine: its scripts run, with the backend's commands.

In the stack those commands run in the container ``tools``; here Python runs them, with the places of the container
exchanged for this test's. What remains is said by ``check-with-engine.sh`` itself.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.enrolment.authority import open_authority, private_pem
from shigotoba_backend.enrolment.broker_files import refresh_broker
from shigotoba_backend.enrolment.claims import Claim, claim
from shigotoba_backend.enrolment.inviting import Invite, invite
from shigotoba_backend.enrolment.revoking import revoke_gateway
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.description import Site, SiteFile
from shigotoba_backend.site.importing import import_site
from shigotoba_gateway.identity.keeping import request_for
from shigotoba_standalone import brokers
from shigotoba_standalone.ports import HOST, answers, free_ports
from shigotoba_testing.stack import COMPOSE, NAME, Machine
from shigotoba_testing.waiting import until
from shigotoba_wire.files import replace_file
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.settings import Broker, read_settings
from shigotoba_wire.topics import READINGS, upstream

PARTS = ("ingest", "api", "jobs")
YEAR = timedelta(days=365)
READINGS_OF_ALL = f"shigotoba/v1/+/+/+/up/{READINGS}"
FreshDatabases = Callable[[], AbstractContextManager[str]]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, fresh_database: FreshDatabases) -> Iterator[Machine]:
    """A machine after its first start."""
    with fresh_database() as database:
        made = Machine(tmp_path_factory.mktemp("stack"), database)
        made.first_start()
        yield made


@pytest.fixture(scope="module")
def ports(machine: Machine) -> Iterator[tuple[int, int]]:
    """Where this machine's mosquitto, started and configured as the stack's, listens for gateways and for our parts."""
    executable = brokers.mosquitto.find()
    if executable is None:
        pytest.skip("mosquitto is not installed (package mosquitto)")
    outer, inner = free_ports(2)
    listeners = {"listener 8883": f"listener {outer} {HOST}", "listener 8884": f"listener {inner} {HOST}"}
    text = machine.here((COMPOSE / "settings/mosquitto.conf").read_text(encoding="utf-8"), listeners)
    user = "user root\n" if os.geteuid() == 0 else ""
    (machine.root / "mosquitto.conf").write_text(user + text, encoding="utf-8")
    (machine.root / "volumes/sessions").mkdir()
    files = str(machine.enrolment.broker_files)
    command = ["sh", str(COMPOSE / "broker.sh"), str(machine.root / "mosquitto.conf"), files]
    path = os.pathsep.join([str(Path(executable).parent), os.environ["PATH"]])
    with (machine.root / "broker.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PATH": path})
    until(lambda: answers(inner) and answers(outer), what="the broker")
    yield outer, inner
    process.terminate()
    assert process.wait() == 0, "what ends the container ends the broker, which then keeps its sessions"


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
    machine: Machine, ports: tuple[int, int]
) -> None:
    _, inner = ports
    part = Inbox(machine.broker(inner, "ingest"), "part", [READINGS_OF_ALL])
    stranger = Inbox(Broker(NAME, inner, ca_file=machine.secrets / "ca.pem"), "stranger", [READINGS_OF_ALL])
    part.start()
    stranger.start()
    until(lambda: part.connected, what="the part's connection")
    until(lambda: stranger.trouble != "", what="the refusal of a stranger")
    assert not stranger.connected
    part.stop()
    stranger.stop()


def claim_gateway(machine: Machine, conn: psycopg.Connection) -> None:
    """What the API does for a device with an invitation; its papers are put among the secrets."""
    now, key = datetime.now(UTC), ec.generate_private_key(ec.SECP256R1())
    import_site(conn, SiteFile(Site("honcho", "本庁舎", "Main building", "Asia/Tokyo"), [], [], [], now))
    token = invite(conn, Invite("honcho", "gw-1", timedelta(hours=1)), COMMAND, now).token
    request = request_for(key, "gw-1").public_bytes(Encoding.PEM).decode()
    enrolled = claim(conn, open_authority(machine.enrolment.authority), Claim("gw-1", token, request, HOST), YEAR, now)
    (machine.secrets / "gw-1.pem").write_text(enrolled.certificate, encoding="ascii")
    replace_file(machine.secrets / "gw-1.key", private_pem(key))
    assert refresh_broker(conn, machine.enrolment, now)


@pytest.mark.integration
def test_a_gateway_that_has_just_claimed_is_heard_and_one_that_is_revoked_is_not_without_a_hand_at_the_broker(
    machine: Machine, ports: tuple[int, int]
) -> None:
    outer, inner = ports
    topic = upstream("honcho", "gw-1").up(READINGS)
    settings = read_settings(machine.tools, BackendSettings)
    with psycopg.connect(settings.database, autocommit=True) as conn:
        claim_gateway(machine, conn)
        part, gateway = (
            Inbox(machine.broker(inner, "ingest"), "part", [READINGS_OF_ALL]),
            Inbox(machine.broker(outer, "gw-1"), "gw-1", [upstream("honcho", "gw-1").down("#")]),
        )
        part.start()
        until(lambda: part.connected, what="the part's connection")
        gateway.start()
        until(lambda: gateway.publish(topic, b"now") and bool(part.take(1, 1.0)), what="the gateway's first reading")
        revoke_gateway(conn, "gw-1", "lost", COMMAND, datetime.now(UTC))
        assert refresh_broker(conn, machine.enrolment, datetime.now(UTC))
        until(lambda: not (gateway.publish(topic, b"still?") and part.take(1, 1.0)), what="silence")
    gateway.stop()
    again = Inbox(machine.broker(outer, "gw-1"), "gw-1", [upstream("honcho", "gw-1").down("#")])
    again.start()
    until(lambda: "revoked" in again.trouble, what="the reason, at the next connection")
    again.stop()
    part.stop()


@pytest.mark.integration
def test_another_machine_takes_the_authority_over_and_makes_none_beside_it(machine: Machine, tmp_path: Path) -> None:
    """A restored machine has the secrets and no volumes: a second authority would shut out every part and gateway."""
    place, backup, tar = machine.enrolment.authority, tmp_path / "a.authority.tar", tmp_path / "tar-of-the-tools"
    tar.write_text(f'#!/bin/sh\nshift 2\nexec tar -C "{place}" "$@"\n', encoding="utf-8")
    tar.chmod(0o755)
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    subprocess.run(["tar", "-C", str(place), "-cf", str(backup), "."], check=True)
    shutil.rmtree(place)
    place.mkdir()
    said = machine.certify(expected=1)
    assert "an authority that is not here" in said
    assert "--authority" in said
    assert not list(place.iterdir())
    machine.run("authority.sh", str(backup), str(tar))
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before
    assert (place / "ca.key").stat().st_mode & 0o077 == 0
    machine.certify()
    assert "left as it is" in machine.run("authority.sh", str(backup), str(tar))
    (tmp_path / "empty").mkdir()
    subprocess.run(["tar", "-C", str(tmp_path / "empty"), "-cf", str(backup), "."], check=True)
    shutil.rmtree(place)
    place.mkdir()
    assert "holds none" in machine.run("authority.sh", str(backup), str(tar), expected=1)
    for name, content in before.items():
        replace_file(place / name, content)


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
    assert said.stderr.count("  - ") == (COMPOSE / "check-with-engine.sh").read_text(encoding="utf-8").count("() {") - 2


def test_with_an_engine_the_check_works_in_a_copy_with_a_subnet_of_its_own(tmp_path: Path) -> None:
    """The engine is a stand-in that notes where it is asked, and accepts nothing."""
    docker = tmp_path / "docker"
    docker.write_text(
        '#!/bin/sh\ncase "$*" in "version" | "compose version") exit 0 ;; esac\n'
        f'{{ echo "$PWD"; grep -ho "172[0-9.]*0/24" docker-compose.yml; }} >> "{tmp_path}/asked"\nexit 1\n',
        encoding="utf-8",
    )
    docker.chmod(0o755)
    check = ["sh", str(COMPOSE / "check-with-engine.sh")]
    said = subprocess.run(
        check,
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "TMPDIR": str(tmp_path)},
    )
    assert said.returncode == 1
    assert "NOT GOOD: configuration" in said.stderr
    asked = (tmp_path / "asked").read_text(encoding="utf-8").split()
    assert asked[0].startswith(f"{tmp_path}/")
    assert asked[1] == "172.30.107.0/24"
    assert not Path(asked[0]).exists(), "the copy goes with the stack"
