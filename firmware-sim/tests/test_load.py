"""The load generator: its books, and a load through a real broker into a real database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from shigotoba_sim.cli import main
from shigotoba_sim.load.account import Account
from shigotoba_sim.load.offer import Fleet
from shigotoba_testing.waiting import until
from shigotoba_wire.receipts import Receipt, Rejection, Span, digest_of
from shigotoba_wire.senml import decode_batch

SENSORS = [f"ble-{number:012x}" for number in range(10)]

BROKER = """
[broker]
host = "{broker.host}"
port = {broker.port}
username = "{broker.username}"
password_file = "{broker.password_file}"
"""


class RunningBroker(Protocol):
    host: str
    port: int
    username: str
    password_file: Path


def add(settings: Path, more: str) -> None:
    settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")


def test_every_sensor_speaks_once_a_round_and_numbers_follow_each_other() -> None:
    fleet = Fleet("honcho", 3, SENSORS, "e1")
    batches = [decode_batch(parcel.payload) for number in range(4) for parcel in fleet.round(number, 10**12 + number)]
    assert {batch.sender for batch in batches} == {"load-001", "load-002", "load-003"}
    for gateway in fleet.gateways:
        own = [batch for batch in batches if batch.sender == gateway]
        assert [batch.first_seq for batch in own] == [1 + sum(len(b.readings) for b in own[:i]) for i in range(4)]
        assert [batch.readings[0].value for batch in own] == [True, False, True, False]
    assert sorted(reading.device for batch in batches for reading in batch.readings) == sorted(4 * SENSORS)


def test_the_books_balance() -> None:
    account, parcels = Account(), list(Fleet("honcho", 5, SENSORS, "e1").round(0, 10**12))
    for number, parcel in enumerate(parcels):
        account.sent(parcel, 100.0 + number)
    account.sent(parcels[0], 106.0)
    assert account.overdue(103.5) == parcels[1:4]
    account.heard("load-001", Receipt("e1", (Span(1, 2),)), 107.0)
    account.heard("load-001", Receipt("e1", (Span(1, 2),)), 108.0)
    refused = Rejection(digest_of(parcels[1].payload), "malformed", "for a test")
    account.heard("load-002", Receipt("", (), (refused,)), 109.0)
    outcome = account.outcome(own_cpu_s=0.9)
    assert (outcome.offered, outcome.receipted, outcome.refused, outcome.lost) == (10, 2, 2, 6)
    assert outcome.offered == outcome.receipted + outcome.refused + outcome.lost
    assert outcome.duplicated == 2
    assert outcome.latency_s["max"] == 7.0
    assert (outcome.wall_s, outcome.own_share) == (9.0, pytest.approx(0.1))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--gateways", "0"], "load: Expected `int` >= 1"),
        (["--sensors", "49"], "--sensors 49: this building has 48"),
        (["--gateways", "60"], "each of the 60 gateways needs one"),
    ],
)
def test_a_load_that_cannot_be_is_refused(
    sim_toml: Path, capsys: pytest.CaptureFixture[str], given: list[str], says: str
) -> None:
    add(sim_toml, '[broker]\nhost = "127.0.0.1"\nport = 1')
    assert main(["load", "--settings", str(sim_toml), *given]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.integration
def test_a_load_that_nobody_takes_in_ends_in_time_and_is_lost(
    sim_toml: Path, broker: RunningBroker, capsys: pytest.CaptureFixture[str]
) -> None:
    add(sim_toml, BROKER.format(broker=broker))
    bounds = ["--gateways", "6", "--rounds", "9999", "--window", "4", "--most-s", "0.3", "--patience-s", "0.1"]
    assert main(["load", "--settings", str(sim_toml), *bounds, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert 0 < told["offered"] == told["lost"] <= 4 * 8
    assert (told["receipted"], told["latency_s"]) == (0, {})


@pytest.mark.integration
def test_a_load_is_stored_once_though_some_of_it_comes_twice(
    tmp_path: Path, sim_toml: Path, broker: RunningBroker, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    backend, site = tmp_path / "backend.toml", tmp_path / "site.json"
    add(sim_toml, BROKER.format(broker=broker))
    backend.write_text(f'database = "{database}"\n' + BROKER.format(broker=broker))
    assert main(["describe", "--settings", str(sim_toml), "--out", str(site)]) == 0
    product = [sys.executable, "-m", "shigotoba_backend"]
    for command in (["migrate"], ["site-import", str(site)]):
        subprocess.run([*product, *command, "--settings", str(backend)], check=True, capture_output=True)
    with subprocess.Popen([*product, "ingest", "--settings", str(backend)], stderr=subprocess.PIPE) as ingest:
        load = ["load", "--settings", str(sim_toml), "--gateways", "6", "--rounds", "20"]
        ended = main([*load, "--every-s", "0", "--twice", "0.3", "--json"])
        told = json.loads(capsys.readouterr().out)
        ingest.terminate()
    assert ended == 0
    assert (told["offered"], told["receipted"], told["lost"], told["refused"]) == (960, 960, 0, 0)
    assert told["duplicated"] > 0
    with psycopg.connect(database) as conn:
        until(lambda: conn.execute("SELECT count(*) FROM shigotoba.reading").fetchone() == (960,), what="960 rows")
