"""Side by side: two or four ingest workers, or two API processes, over one database give what one of each would."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import httpx2
import psycopg
import pytest

from shigotoba_backend.accounts import sessions
from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.site.description import read_site_file
from shigotoba_backend.site.importing import import_site
from shigotoba_standalone.programs import Program, Running
from shigotoba_testing.booths import office, rules
from shigotoba_testing.ports import free_port
from shigotoba_testing.waiting import until
from shigotoba_testing.web import Doors, present
from shigotoba_wire.topics import BUCKETS, bucket_of

pytestmark = [pytest.mark.integration, pytest.mark.promise]

GATEWAYS = [f"load-{number:03d}" for number in range(1, 13)]
LOAD = ("load", "--gateways", "12", "--rounds", "40", "--every-s", "0.1", "--twice", "0.3", "--json")
"""Rounds that come one after the other: whoever dies after its first commit has work left."""

PEOPLE = 20
SIM = """
seed = 7
site = "honcho"
gateway = "gw-1"
opened_on = 2026-11-02
lively_from = 2026-11-04T09:00:00+09:00
quiet = false
commands = "{home}/commands.jsonl"
state = "{home}/sim"
enocean_tty = "{home}/tty"
dbus_socket = "{home}/dbus"
snmp_ports = [1, 2, 3]
"""


@pytest.fixture
def conn(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[ExitStack]:
    """Whatever is started on it is killed afterwards."""
    with ExitStack() as stack:
        yield stack


def start(stack: ExitStack, name: str, directory: Path, settings: str) -> Running:
    """``python -m shigotoba_backend NAME`` with these settings."""
    file = directory / f"{name}-{len(list(directory.iterdir()))}.toml"
    file.write_text(settings, encoding="utf-8")
    command = [sys.executable, "-m", "shigotoba_backend", name, "--settings", str(file)]
    running = Running(Program(name, command), file.with_suffix(".log"))
    stack.callback(running.kill)
    return running


@pytest.mark.parametrize("shards", [2, 4])
def test_shards_store_every_reading_once_though_one_of_them_dies_at_work(
    conn: psycopg.Connection, database: str, broker, processes: ExitStack, tmp_path: Path, shards: int
) -> None:
    access = (
        f'[broker]\nhost = "{broker.host}"\nport = {broker.port}\nusername = "{broker.username}"\n'
        f'password_file = "{broker.password_file}"\n'
    )
    sim = tmp_path / "sim.toml"
    sim.write_text(SIM.format(home=tmp_path) + access, encoding="utf-8")
    _simulate(sim, "describe", "--out", str(tmp_path / "site.json"))
    import_site(conn, read_site_file(tmp_path / "site.json"))
    workers = tmp_path / "workers"
    workers.mkdir()

    def worker(shard: int) -> Running:
        head = f'database = "{database}"\nshard = {shard}\nshards = {shards}\n'
        return start(processes, "ingest", workers, head + access)

    running = [worker(shard) for shard in range(shards)]
    dies = shard_of(GATEWAYS[0], shards)
    its_own = [gateway for gateway in GATEWAYS if shard_of(gateway, shards) == dies]
    with ThreadPoolExecutor(1) as beside:
        load = beside.submit(_simulate, sim, *LOAD)
        until(lambda: _received(conn, its_own) > 0, what="the first commit of a worker")
        running[dies].kill()
        done = _received(conn, its_own)
        until(lambda: _received(conn, GATEWAYS) > done, what="commits of the others meanwhile")
        assert _received(conn, its_own) == done, "its gateways are nobody else's"
        worker(dies)
        told = json.loads(load.result())
    assert 0 < done < _received(conn, its_own), "it died before its work was done"
    stored = conn.execute("SELECT count(*) FROM shigotoba.reading").fetchone()
    spans = conn.execute("SELECT count(*) FROM shigotoba.ledger, unnest(received)").fetchone()
    assert stored == (told["offered"],)
    assert _received(conn, GATEWAYS) == told["offered"]
    assert spans == (len(GATEWAYS),), "one whole span per gateway: no hole"
    assert told["lost"] == 0


def shard_of(gateway: str, shards: int) -> int:
    return BUCKETS.index(bucket_of(gateway)) % shards


def _received(conn: psycopg.Connection, gateways: Sequence[str]) -> int:
    """Sequence numbers of these gateways that are in the ledger."""
    spans = "SELECT coalesce(sum(upper(span) - lower(span)), 0) FROM shigotoba.ledger, unnest(received) AS span"
    (received,) = conn.execute(f"{spans} WHERE gateway = ANY(%s)", [list(gateways)]).fetchone() or (0,)
    return int(received)


def _simulate(settings: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "shigotoba_sim", arguments[0], "--settings", str(settings), *arguments[1:]]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_api_processes_give_one_slot_to_one_person(
    conn: psycopg.Connection, database: str, processes: ExitStack, tmp_path: Path
) -> None:
    office(conn, 2, always_open=True)
    rules(conn, over_midnight=True)
    doors = Doors(conn)
    ids = [doors.person(f"p{number}", Role.STAFF) for number in range(PEOPLE)]
    doors.close()
    tokens = [sessions.begin_token(conn, each, "scale", timedelta(days=9), present()) for each in ids]
    addresses = [_api(processes, database, tmp_path) for _ in range(2)]
    start_at = (present() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    body = {"booth": "3f-b1", "start": start_at.isoformat(), "end": (start_at + timedelta(minutes=30)).isoformat()}
    gate = threading.Barrier(PEOPLE)

    def book(number: int) -> int:
        address = addresses[number % 2]
        gate.wait()
        headers = {"Authorization": f"Bearer {tokens[number]}"}
        url = f"{address}/api/v1/sites/honcho/bookings"
        return httpx2.post(url, json=body, headers=headers, timeout=120).status_code

    with ThreadPoolExecutor(PEOPLE) as pool:
        assert Counter(pool.map(book, range(PEOPLE))) == {201: 1, 409: PEOPLE - 1}
    assert conn.execute("SELECT count(*) FROM shigotoba.booking WHERE state = 'held'").fetchone() == (1,)


def _api(stack: ExitStack, database: str, directory: Path) -> str:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    web = f'[web]\nhost = "127.0.0.1"\nport = {port}\npublic_url = "{address}"\n'
    start(stack, "api", directory, f'database = "{database}"\n[broker]\nhost = "127.0.0.1"\nport = 1\n{web}')
    until(lambda: _answers(address), what="the process api")
    return address


def _answers(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/healthz").status_code == 200
    except httpx2.TransportError:
        return False
