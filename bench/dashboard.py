"""What the dashboard costs whoever looks: pages and filters in Chromium, pages on the server, twenty viewers at once.

``PYTHONPATH=tests/support python bench/dashboard.py [--quarter-days 40] [--viewers 20]``: 1,000 seats and three years
of sums as in ``query.py``, and 40 booths with bookings, 20 printers, brought figures of as many years. In one run: the
first screen of a visitor who was never here and the bytes moved, against 2 s and 1.2 MB; a change of period against
0.5 s; both until everything in view is drawn, and until everything further down is too, with the processor time the
page itself took; each page and each question that open pages ask by themselves on the server alone; a page with many
viewers; the same while a tenth of the seats was silent for three days; and the panels of one day (use by quarter, by
hour, by space) from our rollups beside the same from plain SQL over the raw readings.
"""

from __future__ import annotations

import argparse
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import psycopg
import uvicorn
from ground import SITE, ground
from ground.office import furnish, live_in, silence
from ground.report import keep, percent
from ground.screens import MONTHS, Drawn, HollowPageError, filter_changes, first_screen
from query import NOW, YEARS, fill, timed_ms

from shigotoba_backend.read.use import use_by_bucket, use_by_hour, use_by_space
from shigotoba_backend.store.sql import load
from shigotoba_dashboard import masthead
from shigotoba_dashboard.answers import Answers
from shigotoba_dashboard.app import build
from shigotoba_dashboard.feed import Feed, connect
from shigotoba_dashboard.house import House
from shigotoba_dashboard.live import answer
from shigotoba_dashboard.pages import today
from shigotoba_dashboard.pages.seats import plan
from shigotoba_dashboard.regions import Region
from shigotoba_dashboard.settings import Settings
from shigotoba_dashboard.snapshot import read_now, read_quarters, read_today
from shigotoba_dashboard.visitors import EVERYBODY
from shigotoba_dashboard.words import words_in
from shigotoba_dashboard.written import written
from shigotoba_testing.desk import chromium
from shigotoba_testing.waiting import until

PLAIN = load("panels.sql", package="ground")
FIRST_SCREEN_S, FILTER_S, FIRST_VISIT_BYTES = 2.0, 0.5, 1_200_000
PAGES = ("", "today", "paper", "booths", "seats", "effects", "data", "devices")
SILENT_SEATS, SILENT_FOR = 98, timedelta(days=3)


@contextmanager
def served(database: str) -> Iterator[str]:
    """The address of a dashboard over ``database``."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = build(Settings(database, SITE), clock=lambda: NOW)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            until(lambda: server.started, what="the start of the dashboard")
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/dashboard/"
        finally:
            server.should_exit = True
            thread.join()
            for connections in app.state.connections:
                connections.close()


@contextmanager
def housed(database: str) -> Iterator[House]:
    """A house over ``database`` that remembers nothing yet."""
    answers = Answers(lambda: connect(database))
    yield House(SITE, answers, answers, lambda: NOW)
    answers.close()


def page_ms(house: House, page: str, month: str) -> float:
    """Milliseconds of a page of a month nobody has asked about."""
    began_s = time.perf_counter()
    drawn = house.show(f"/dashboard/{page}", f"?period={month}", EVERYBODY)
    took_ms = 1000 * (time.perf_counter() - began_s)
    if drawn.site is None:
        raise HollowPageError(f"in the place of {page or 'overview'} of {month} stands: {drawn.title}")
    return took_ms


def crowded_ms(house: House, page: str, viewers: int) -> list[float]:
    """The same for many who ask at once, each about another month, the quickest first."""
    months = [f"{2024 + number // 12}-{number % 12 + 1:02}" for number in range(viewers)]
    with ThreadPoolExecutor(viewers) as pool:
        return sorted(pool.map(lambda month: page_ms(house, page, month), months))


def questions_ms(database: str) -> dict[str, float]:
    """Milliseconds of each question that open pages ask by themselves, read and drawn as for who has seen nothing."""
    words = words_in("ja")

    def asked(read: Callable[[psycopg.Connection, str, datetime], Any], regions: Sequence[Region[Any]]) -> float:
        feed = Feed[Any](lambda conn: read(conn, SITE, NOW), lambda: connect(database), fresh_for_s=0)
        took_ms = timed_ms(lambda: written(answer(feed, regions, words, {}, 0)), 5)
        feed.close()
        return took_ms

    every = {
        "masthead": (read_now, masthead.NOW),
        "the office now": (read_now, today.NOW),
        "the day so far": (read_today, today.TODAY),
        "the day by quarters": (read_quarters, today.QUARTERS),
        "the map": (read_now, plan.NOW),
    }
    return {name: asked(*question) for name, question in every.items()}


def panels_ms(conn: psycopg.Connection) -> dict[str, tuple[float, float]]:
    """Panels of one day: milliseconds from our rollups, and from the raw readings."""
    conn.execute(PLAIN["plain_quarters"])
    start, end = NOW - timedelta(days=1), NOW
    ours: dict[str, Callable[[], object]] = {
        "by_quarter": lambda: use_by_bucket(conn, SITE, "seat", start, end),
        "by_hour": lambda: use_by_hour(conn, SITE, "seat", start, end),
        "by_space": lambda: use_by_space(conn, SITE, start, end),
    }
    day = {"start": start, "end": end}
    return {
        name: (timed_ms(ask, 5), timed_ms(lambda name=name: conn.execute(PLAIN[name], day).fetchall(), 3))
        for name, ask in ours.items()
    }


def _tell_browser(first: dict[str, tuple[Drawn, int]], changes: dict[str, list[Drawn]]) -> None:
    """Print what Chromium took, as shares of what is promised."""
    for page, (drawn, size) in first.items():
        time_share, size_share = percent(drawn.in_view_s / FIRST_SCREEN_S), percent(size / FIRST_VISIT_BYTES)
        whole, busy = percent(drawn.whole_s / FIRST_SCREEN_S), percent(drawn.page_s / FIRST_SCREEN_S)
        print(f"{page:<9} first screen {time_share:>5} of 2 s (all {whole}, page {busy}), {size_share:>5} of 1.2 MB")
    for page, found in changes.items():
        shares = [percent(median(each) / FILTER_S) for each in zip(*found, strict=True)]
        worst = f"worst {max(drawn.in_view_s for drawn in found):.2f} s"
        print(f"{page:<9} change of period {shares[0]:>5} of 0.5 s (all {shares[1]}, page {shares[2]}, {worst})")


def main() -> None:
    """Fill, measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quarter-days", type=int, default=40, help="days of which there are quarters")
    parser.add_argument("--viewers", type=int, default=20)
    options = parser.parse_args()
    with ground() as place, place.connect() as conn:
        furnish(conn)
        fill(conn, options.quarter_days)
        live_in(conn, NOW - YEARS, NOW, place.directory)
        with served(place.conninfo) as address, chromium() as browser:
            first = {page or "overview": first_screen(browser, address + page) for page in PAGES}
            changes = {page or "overview": filter_changes(browser, address + page) for page in ("", "booths", "seats")}
        with housed(place.conninfo) as house:
            months = {page or "overview": [page_ms(house, page, month) for month in MONTHS] for page in PAGES}
            crowded = crowded_ms(house, "seats", options.viewers)
        alone = {page: median(each) for page, each in months.items()}
        questions = questions_ms(place.conninfo)
        panels = panels_ms(conn)
        silence(conn, SILENT_SEATS, NOW - 2 * SILENT_FOR, NOW - SILENT_FOR)
        with housed(place.conninfo) as house:
            silent = page_ms(house, "seats", f"{NOW:%Y-%m}")
    _tell_browser(first, changes)
    for page, took_ms in (alone | questions).items():
        print(f"{page:<14} on the server {took_ms:6.0f} ms")
    for page, each in months.items():
        print(f"{page:<14} on the server, first of its months {each[0]:6.0f} ms")
    one = alone["seats"]
    print(f"seats, {options.viewers} viewers: {median(crowded) / one:.1f} x one, the last {crowded[-1] / one:.1f} x")
    heard = months["seats"][0]
    print(f"seats, {SILENT_SEATS} of them silent for {SILENT_FOR.days} days: {silent / heard:.1f} x all of them heard")
    for name, (ours_ms, plain_ms) in panels.items():
        print(f"a day {name}: plain SQL over readings takes {plain_ms / ours_ms:.0f} x ours ({ours_ms:.0f} ms)")
    measured = {
        "first_screen": {page: {**drawn._asdict(), "bytes": size} for page, (drawn, size) in first.items()},
        "change_of_period": {page: [drawn._asdict() for drawn in found] for page, found in changes.items()},
        "server_ms": alone,
        "server_first_ms": {page: each[0] for page, each in months.items()},
        "questions_ms": questions,
        "viewers": options.viewers,
        "crowded_ms": {"median": median(crowded), "last": crowded[-1]},
        "silent_seats_ms": silent,
        "panels_ms": {name: {"ours": ours, "plain_sql": plain} for name, (ours, plain) in panels.items()},
    }
    print(f"kept in {keep('dashboard', measured)}")


if __name__ == "__main__":
    main()
