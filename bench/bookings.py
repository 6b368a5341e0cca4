"""How fast booths are booked and found, as a share of what PostgreSQL does with a plain row.

``python bench/bookings.py [--requests 400]``. In one run, on one machine: rows by a plain INSERT with a commit each;
bookings by the engine, rules and locks and journal included; bookings over HTTP with 1, 50 and 200 clients, with the
50th and 99th percentile of what one of them waits. Then the search for a free booth over 200 booths and four weeks
full of bookings, as a multiple of reading the same rows.

Clients, the process ``api`` and the database share this machine's cores.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles

import httpx2
import psycopg
from ground import FLOORS, SITE, Ground, ground
from ground.report import keep, percent

from shigotoba_backend.accounts import sessions
from shigotoba_backend.bookings.finding import Wanted, availability, find_free
from shigotoba_backend.bookings.making import book
from shigotoba_backend.bookings.rules import booths_of
from shigotoba_backend.bookings.values import Asker, Book
from shigotoba_backend.store.sql import load
from shigotoba_standalone.ports import HOST, free_ports

SQL = load("bookings.sql", package="ground")
BOOTHS = 200
WEEKS = timedelta(weeks=4)
CLIENTS = (1, 50, 200)
ROUNDS = 5
SLOT = timedelta(minutes=15)
NOW = datetime.now(UTC)
FIRST = datetime.combine(NOW.date() + timedelta(days=1), datetime.min.time(), UTC)
"""Tomorrow, 09:00 in Tokyo."""

_slots = itertools.count()


def slot(number: int) -> tuple[datetime, datetime]:
    """The quarter of an hour of that number; 32 a day, for 27 days."""
    start = FIRST + timedelta(days=number // 32 % 27) + SLOT * (number % 32)
    return start, start + SLOT


def rate(count: int, work: Callable[[int], object]) -> float:
    """How often a second ``work`` was done."""
    began_s = time.perf_counter()
    for number in range(count):
        work(number)
    return count / (time.perf_counter() - began_s)


def inserted(conn: psycopg.Connection, count: int) -> float:
    """Rows a second by a plain INSERT, each committed."""

    def one(number: int) -> None:
        start, end = slot(number)
        conn.execute(SQL["plain_insert"], {"space_id": number, "start": start, "end": end})

    return rate(count, one)


def booked(conn: psycopg.Connection, people: list[int], count: int) -> float:
    """Bookings a second by the engine, without HTTP."""
    codes = [row[1] for row in conn.execute(SQL["booths"])]

    def one(number: int) -> None:
        nth = next(_slots)
        person = Asker(people[number % len(people)])
        book(conn, person, Book(SITE, codes[number % BOOTHS], *slot(nth // BOOTHS)), NOW)

    return rate(count, one)


@contextlib.contextmanager
def api(place: Ground) -> Iterator[str]:
    """The process ``api``; its address."""
    port = free_ports(1)[0]
    settings = place.directory / "api.toml"
    settings.write_text(
        f'database = "{place.conninfo}"\n[broker]\nhost = "{HOST}"\nport = 1\n[web]\nhost = "{HOST}"\nport = {port}\n',
        encoding="utf-8",
    )
    log = (place.directory / "api.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "shigotoba_backend", "api", "--settings", str(settings)], stderr=log
    )
    address = f"http://{HOST}:{port}"
    while not answers(address):
        time.sleep(0.1)
    yield address
    process.terminate()
    process.wait()


def answers(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/healthz").status_code == 200
    except httpx2.TransportError:
        return False


def over_http(address: str, tokens: list[str], requests: int) -> dict[str, float]:
    """Bookings a second by as many clients as tokens, and what one waits, ms."""
    waits_s: list[float] = []
    each = max(1, requests // len(tokens))
    client = httpx2.Client(base_url=address, timeout=120, limits=httpx2.Limits(max_connections=len(tokens)))
    first = next(_slots) // BOOTHS + 1

    def work(number: int) -> None:
        headers = {"Authorization": f"Bearer {tokens[number]}"}
        for nth in range(each):
            start, end = slot(first + nth)
            body = {"booth": f"b{number + 1}", "start": start.isoformat(), "end": end.isoformat()}
            began_s = time.perf_counter()
            answer = client.post(f"/api/v1/sites/{SITE}/bookings", json=body, headers=headers)
            waits_s.append(time.perf_counter() - began_s)
            if answer.status_code != 201:
                raise RuntimeError(f"{answer.status_code}: {answer.text}")

    threads = [threading.Thread(target=work, args=[number]) for number in range(len(tokens))]
    began_s = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent_s = time.perf_counter() - began_s
    client.close()
    for _ in range(BOOTHS * (each + 1)):
        next(_slots)
    percentiles = quantiles(waits_s, n=100) if len(waits_s) > 1 else waits_s * 99
    return {
        "per_s": len(waits_s) / spent_s,
        "p50_ms": 1000 * percentiles[49],
        "p99_ms": 1000 * percentiles[98],
    }


def spent_ms(work: Callable[[], object]) -> float:
    """How long ``work`` takes, the middle of some rounds, ms."""
    spent: list[float] = []
    for _ in range(ROUNDS):
        began_s = time.perf_counter()
        work()
        spent.append(1000 * (time.perf_counter() - began_s))
    return median(spent)


def searches(conn: psycopg.Connection) -> dict[str, float]:
    """The search for one span and for all of four weeks, beside reading the rows they stand on, ms."""
    conn.execute(SQL["fill"], {"now": NOW, "first": FIRST, "days": 28})
    conn.execute("ANALYZE")
    window = {"start": FIRST, "end": FIRST + WEEKS}
    wanted = Wanted(SITE, FIRST + timedelta(days=3), FIRST + timedelta(days=3, minutes=30))
    return {
        "plain_select_ms": spent_ms(lambda: conn.execute(SQL["plain_select"], window).fetchall()),
        "all_free_spans_ms": spent_ms(
            lambda: availability(conn, booths_of(conn, SITE, NOW), FIRST, FIRST + WEEKS, NOW)
        ),
        "one_search_ms": spent_ms(lambda: find_free(conn, wanted, NOW)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=400, help="bookings per measurement")
    requests = parser.parse_args().requests
    with ground() as place, place.connect() as conn:
        conn.execute(SQL["make_booths"], {"site": SITE, "booths": BOOTHS, "floors": FLOORS})
        conn.execute(SQL["plain_table"])
        people = [row[0] for row in conn.execute(SQL["make_people"], {"people": max(CLIENTS)})]
        tokens = [sessions.begin_token(conn, each, "bench", timedelta(days=1), NOW) for each in people]
        plain_per_s = inserted(conn, requests)
        engine_per_s = booked(conn, people, requests)
        http: dict[str, dict[str, float]] = {}
        with api(place) as address:
            for count in CLIENTS:
                http[str(count)] = over_http(address, tokens[:count], requests)
        found = searches(conn)
    print(f"plain INSERT, committed: {plain_per_s:.0f} rows/s")
    print(f"engine: {engine_per_s:.0f} bookings/s, {percent(engine_per_s / plain_per_s)} of it")
    for count, told in http.items():
        print(
            f"HTTP, {count} clients: {told['per_s']:.0f} bookings/s, {percent(told['per_s'] / plain_per_s)} of it; "
            f"p50 {told['p50_ms']:.0f} ms, p99 {told['p99_ms']:.0f} ms"
        )
    print(f"{BOOTHS} booths x 4 weeks, full: reading the rows {found['plain_select_ms']:.0f} ms")
    for name in ("all_free_spans_ms", "one_search_ms"):
        print(f"  {name}: {found[name]:.0f} ms, {found[name] / found['plain_select_ms']:.1f} x")
    keep("bookings", {"plain_per_s": plain_per_s, "engine_per_s": engine_per_s, "http": http, "search": found})


if __name__ == "__main__":
    main()
