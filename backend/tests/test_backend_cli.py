"""The command line, as a person or a supervisor uses it."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import psycopg
import pytest

from shigotoba_backend.cli import PARTS, main
from shigotoba_backend.commands import Command, Group, Part, part
from shigotoba_backend.ingest.ledger import Claim, claim
from shigotoba_backend.ingest.quarantine import Exhibit, put_exhibits
from shigotoba_backend.site.description import SiteFile
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.downlink import DesiredConfig, decode_config
from shigotoba_wire.errors import Refusal
from shigotoba_wire.link import Link
from shigotoba_wire.settings import Broker
from shigotoba_wire.topics import CONFIG, upstream

NO_BROKER = '[broker]\nhost = "127.0.0.1"\nport = 1\n'


def settings_file(directory: Path, database: str, broker: str = NO_BROKER, head: str = "") -> str:
    path = directory / "backend.toml"
    path.write_text(f'database = "{database}"\n{head}{broker}', encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("head", "complaint"),
    [
        ("shard = 3\nshards = 2\n", "shard 3 of 2: need 0 <= shard < shards <= 16"),
        ("shard = 'one'\n", "Expected `int`, got `str`"),
        ("colour = 'red'\n", "unknown field `colour`"),
    ],
)
def test_wrong_settings_are_one_line_with_the_file_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], head: str, complaint: str
) -> None:
    path = settings_file(tmp_path, "dbname=x", head=head)
    assert main(["ingest", "--settings", path]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert path in line
    assert complaint in line


def test_a_database_that_is_not_there_is_one_line_and_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate", "--settings", settings_file(tmp_path, "host=/nowhere dbname=x")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("each", PARTS, ids=lambda each: each.name)
def test_every_word_of_the_command_line_is_a_command_or_a_group(each: Part) -> None:
    found = getattr(part(each.module), each.found)
    if isinstance(found, Command):
        assert found[:2] == (each.name, each.meaning)
    else:
        assert all(isinstance(command, Command | Group) for command in found)


def test_a_command_loads_the_libraries_of_no_other() -> None:
    asked = "import sys; from shigotoba_backend.cli import main; main(['ready', '--settings', '/none'])"
    checked = f"{asked}; sys.exit(len({{'polars', 'fastapi', 'argon2', 'numpy'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", checked], capture_output=True, check=False).returncode == 0


@pytest.mark.integration
def test_a_new_database_is_made_ready_by_two_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], empty_database: str, site_file: SiteFile
) -> None:
    settings = settings_file(tmp_path, empty_database)
    described = tmp_path / "site.json"
    described.write_bytes(msgspec.json.encode(site_file))
    assert main(["ready", "--settings", settings]) == 1
    assert "migrations not applied: 0001_places" in capsys.readouterr().err
    assert main(["migrate", "--settings", settings]) == 0
    assert main(["ready", "--settings", settings]) == 0
    assert "applied 0001_places" in capsys.readouterr().out
    assert main(["migrate", "--settings", settings]) == 0
    assert capsys.readouterr().out == "the schema is up to date\n"
    assert main(["site-import", str(described), "--settings", settings]) == 0
    assert capsys.readouterr().out == "site honcho: 1 floors, 4 spaces, 4 devices, 4 newly assigned\n"
    assert main(["site-import", str(described), "--if-missing", "--settings", settings]) == 0
    assert capsys.readouterr().out == "site honcho: there already, left as it is\n"


@pytest.mark.integration
def test_ledger_and_quarantine_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], database: str, conn: psycopg.Connection, small_site: SiteFile
) -> None:
    (site_id,) = conn.execute("SELECT site_id FROM shigotoba.site").fetchone() or (0,)
    with conn.transaction():
        claim(conn, [Claim((site_id, "gw-1", "e"), 1, 11), Claim((site_id, "gw-1", "e"), 15, 21)])
        put_exhibits(conn, [Exhibit("a/topic", "gw-1", Refusal.MALFORMED, "torn", b"[")])
    settings = settings_file(tmp_path, database)
    assert main(["ledger", "--settings", settings]) == 0
    assert capsys.readouterr().out == "honcho/gw-1: 1 epochs, 16 received, 4 missing, highest 20\n1 gateways\n"
    assert main(["quarantine", "list", "--settings", settings]) == 0
    assert "malformed  x1  gw-1  a/topic  1 bytes  torn" in capsys.readouterr().out


@pytest.mark.integration
def test_a_gateway_gets_each_new_configuration_even_if_it_connects_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], database: str, small_site: SiteFile, broker
) -> None:
    block = (
        f'[broker]\nhost = "{broker.host}"\nport = {broker.port}\nusername = "{broker.username}"\n'
        f'password_file = "{broker.password_file}"\n'
    )
    settings = settings_file(tmp_path, database, block)
    for seconds in ("5", "7.5"):
        assert main(["gateway-config", "gw-1", "--health-every-s", seconds, "--settings", settings]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "honcho/gw-1: configuration version 2 published"

    arrived = threading.Event()
    payloads: list[bytes] = []

    def when_delivered(delivery: Delivery) -> None:
        payloads.append(delivery.payload)
        arrived.set()

    at_gateway = Broker(broker.host, broker.port, broker.username, broker.password_file)
    link = Link(at_gateway, Session("gw", (upstream("honcho", "gw-1").down(CONFIG),)), when_delivered)
    link.start()
    assert arrived.wait(60)
    link.stop()
    assert decode_config(payloads[0]) == DesiredConfig(version=2, health_every_s=7.5)


@pytest.mark.integration
def test_a_gateway_of_an_unknown_site_gets_no_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], database: str, small_site: SiteFile
) -> None:
    arguments = ["gateway-config", "gw-1", "--site", "nowhere", "--health-every-s", "5"]
    assert main([*arguments, "--settings", settings_file(tmp_path, database)]) == 1
    assert "site 'nowhere' is not known" in capsys.readouterr().err
