"""Many at once for one booth, over HTTP, against the process and a database as in production."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx2
import psycopg
import pytest

from shigotoba_backend.accounts import sessions
from shigotoba_backend.accounts.roles import Role
from shigotoba_standalone.ports import HOST, free_ports
from shigotoba_testing.booths import office, rules
from shigotoba_testing.waiting import until
from shigotoba_testing.web import Doors, present

pytestmark = [pytest.mark.integration, pytest.mark.promise]

PEOPLE = 200


class Office:
    """A running ``api`` process, and people with tokens."""

    def __init__(self, address: str, tokens: list[str]) -> None:
        # A connection per request, as people have; a kept one may be closed by the server just when it is used again.
        limits = httpx2.Limits(max_connections=PEOPLE, max_keepalive_connections=0)
        self.client = httpx2.Client(base_url=address, timeout=120, limits=limits)
        self.tokens = tokens
        self.tomorrow = (present() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)

    def book(self, token: str, start_min: float, length_min: float, **headers: str) -> httpx2.Response:
        start = self.tomorrow + timedelta(minutes=start_min)
        body = {
            "booth": "3f-b1",
            "start": start.isoformat(),
            "end": (start + timedelta(minutes=length_min)).isoformat(),
        }
        return self.ask(token, "POST", "/api/v1/sites/honcho/bookings", body, headers)

    def ask(self, token: str, method: str, path: str, body: object, headers: dict[str, str]) -> httpx2.Response:
        return self.client.request(method, path, json=body, headers={"Authorization": f"Bearer {token}", **headers})

    def all_at_once(self, count: int, ask: Callable[[int], httpx2.Response]) -> Counter[int]:
        """The statuses that so many who start together get."""
        gate = threading.Barrier(count)

        def one(number: int) -> int:
            gate.wait()
            return ask(number).status_code

        with ThreadPoolExecutor(count) as pool:
            return Counter(pool.map(one, range(count)))


@pytest.fixture
def running(conn: psycopg.Connection, database: str, tmp_path: Path) -> Iterator[Office]:
    """An office with two booths that never closes, and the process ``api`` in front of it."""
    office(conn, 2, always_open=True)
    rules(conn, over_midnight=True)
    doors = Doors(conn)
    ids = [doors.person(f"p{number}", Role.STAFF) for number in range(PEOPLE)]
    doors.close()
    life = timedelta(days=9)
    tokens = [sessions.begin_token(conn, person_id, "race", life, present()) for person_id in ids]
    port = free_ports(1)[0]
    settings = tmp_path / "backend.toml"
    settings.write_text(
        f'database = "{database}"\n[broker]\nhost = "{HOST}"\nport = 1\n'
        f'[web]\nhost = "{HOST}"\nport = {port}\npublic_url = "http://{HOST}:{port}"\n',
        encoding="utf-8",
    )
    address = f"http://{HOST}:{port}"
    with (tmp_path / "api.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "shigotoba_backend", "api", "--settings", str(settings)], stderr=log
        )
        until(lambda: answers(address), what="the process api")
        there = Office(address, tokens)
        yield there
        there.client.close()
        process.terminate()
        assert process.wait() == 0


def answers(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/healthz").status_code == 200
    except httpx2.TransportError:
        return False


def active(conn: psycopg.Connection) -> int:
    row = conn.execute("SELECT count(*) FROM shigotoba.booking WHERE state = 'held'").fetchone()
    assert row is not None
    return row[0]


def test_however_many_want_one_slot_exactly_one_gets_it(running: Office, conn: psycopg.Connection):
    for number, count in enumerate((50, PEOPLE)):
        told = running.all_at_once(count, lambda n, at=number * 60: running.book(running.tokens[n], at, 30))
        assert told == {201: 1, 409: count - 1}
        assert active(conn) == number + 1
    # Ranges that overlap in part: minutes 200 to 230, 201 to 231, and so on.
    told = running.all_at_once(50, lambda n: running.book(running.tokens[n], 200 + n % 29, 30))
    assert told == {201: 1, 409: 49}
    # The same person taps twice, or more often.
    key = {"Idempotency-Key": "tap"}
    told = running.all_at_once(20, lambda _: running.book(running.tokens[60], 300, 30, **key))
    assert told == {201: 20}
    assert active(conn) == 4
    # Everybody's own booking, and then all of them are moved to one hour.
    made = [
        running.book(token, 400 + 20 * n, 15).headers["Location"] for n, token in enumerate(running.tokens[100:110])
    ]
    target = running.tomorrow + timedelta(minutes=360)
    body = {"start": target.isoformat(), "end": (target + timedelta(minutes=20)).isoformat()}
    told = running.all_at_once(10, lambda n: running.ask(running.tokens[100 + n], "PATCH", made[n], body, {}))
    assert told == {200: 1, 409: 9}
    assert active(conn) == 14
    # One makes a booking longer while nine others book the time behind it.
    longer = running.book(running.tokens[120], 700, 15).headers["Location"]
    until_then = {"until": (running.tomorrow + timedelta(minutes=730)).isoformat()}
    told = running.all_at_once(
        10,
        lambda n: (
            running.book(running.tokens[120 + n], 715, 15)
            if n
            else running.ask(running.tokens[120], "POST", f"{longer}/extension", until_then, {})
        ),
    )
    assert told in ({200: 1, 409: 9}, {201: 1, 409: 9})
