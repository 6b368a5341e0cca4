"""What the dashboard costs whoever looks: pages and filters in Chromium, pages on the server, twenty viewers at once.

``PYTHONPATH=tests/support python bench/dashboard.py [--quarter-days 40] [--viewers 20]``: 1,000 seats and three years
of sums, as in ``query.py``. In one run: the first screen of a visitor who was never here and the bytes moved, against
2 s and 1.2 MB; a change of period against 0.5 s; both until everything in view is drawn, and until everything further
down is too, with the processor time the page itself took; each page on the server alone; the same with many viewers;
and the panels of one day (use by quarter, by hour, by space) from our rollups beside the same from plain SQL over the
raw readings.
"""

from __future__ import annotations

import argparse
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from typing import NamedTuple

import psycopg
import uvicorn
from ground import SITE, ground
from ground.report import keep, percent
from playwright.sync_api import Browser, CDPSession, Page
from query import NOW, fill, timed_ms

from shigotoba_backend.read.use import use_by_bucket, use_by_hour, use_by_space
from shigotoba_backend.store.sql import load
from shigotoba_dashboard.answers import Answers
from shigotoba_dashboard.app import build
from shigotoba_dashboard.feed import connect
from shigotoba_dashboard.house import House
from shigotoba_dashboard.settings import Settings
from shigotoba_dashboard.visitors import EVERYBODY
from shigotoba_testing.phone import chromium
from shigotoba_testing.waiting import until

PLAIN = load("panels.sql", package="ground")
FIRST_SCREEN_S, FILTER_S, FIRST_VISIT_BYTES = 2.0, 0.5, 1_200_000
PAGES = ("", "today", "paper", "booths", "seats", "effects", "data", "devices")
MONTHS = ("2026-08", "2026-07", "2026-06", "2026-05", "2026-04")
VISIT_MS = 600_000
#: The page stands there, nothing of it in view waits for an answer or for its chart.
IN_VIEW = """() => document.querySelector("#page h1") && document.getElementById("waiting").hidden
    && !document.querySelector("[data-left]")
    && ![...document.querySelectorAll("#page [data-figure]:not(:has(.main-svg)), #page .live")]
        .filter((part) => part.getBoundingClientRect().top < window.innerHeight)
        .some((part) => part.dataset.figure || part.textContent.startsWith("読み込み中"))"""
#: So does everything further down.
WHOLE = f"""() => ({IN_VIEW})()
    && !document.querySelector("#page [data-figure]:not(:has(.main-svg))")
    && ![...document.querySelectorAll("#page .live")].some((place) => place.textContent.startsWith("読み込み中"))"""
LEAVE = """(search) => {
    for (const part of document.getElementById("page").children) part.dataset.left = "";
    window.history.pushState({}, "", window.location.pathname + search);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
}"""


class Drawn(NamedTuple):
    """Until what is in view is drawn, until all is, and how long the page's thread worked for the first."""

    in_view_s: float
    whole_s: float
    page_s: float


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


def first_screen(browser: Browser, address: str) -> tuple[Drawn, int]:
    """How long a page takes for somebody who was never here, and bytes received."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ja-JP")
    page = context.new_page()
    received: list[float] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    drawn = _drawn(page, lambda: page.goto(address))
    context.close()
    return drawn, round(sum(received))


def filter_changes(browser: Browser, address: str) -> list[Drawn]:
    """The same from the change of the period on, for months nobody has asked about yet."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="ja-JP")
    _drawn(page, lambda: page.goto(f"{address}?period=2026-10"))
    found = [_drawn(page, lambda month=month: page.evaluate(LEAVE, f"?period={month}")) for month in MONTHS]
    page.close()
    return found


def _drawn(page: Page, act: Callable[[], object]) -> Drawn:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before_s, began_s = _busy_s(session), time.perf_counter()
    act()
    page.wait_for_function(IN_VIEW, timeout=VISIT_MS)
    in_view_s, page_s = time.perf_counter() - began_s, _busy_s(session) - before_s
    page.wait_for_function(WHOLE, timeout=VISIT_MS)
    return Drawn(in_view_s, time.perf_counter() - began_s, page_s)


def _busy_s(session: CDPSession) -> float:
    """How long the page's own thread has worked since it was opened."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def _seconds(work: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    work()
    return time.perf_counter() - began_s


def on_the_server(database: str, viewers: int) -> tuple[dict[str, float], float]:
    """Milliseconds of each page with nothing remembered, and of one page among many viewers of different months."""
    answers = Answers(lambda: connect(database))
    house = House(SITE, answers, answers, lambda: NOW)
    alone = {page or "overview": median(_page_ms(house, page, f"period={month}") for month in MONTHS) for page in PAGES}
    with ThreadPoolExecutor(viewers) as pool:
        months = [f"period={2024 + number // 12}-{number % 12 + 1:02}" for number in range(viewers)]
        crowded = median(pool.map(lambda month: _page_ms(house, "seats", month), months))
    answers.close()
    return alone, crowded


def _page_ms(house: House, page: str, search: str) -> float:
    return 1000 * _seconds(lambda: house.show(f"/dashboard/{page}", f"?{search}", EVERYBODY))


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


def main() -> None:
    """Fill, measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quarter-days", type=int, default=40, help="days of which there are quarters")
    parser.add_argument("--viewers", type=int, default=20)
    options = parser.parse_args()
    with ground() as place, place.connect() as conn:
        fill(conn, options.quarter_days)
        with served(place.conninfo) as address, chromium() as browser:
            first = {page or "overview": first_screen(browser, address + page) for page in PAGES}
            changes = {page or "overview": filter_changes(browser, address + page) for page in ("", "booths", "seats")}
        alone_ms, crowded_ms = on_the_server(place.conninfo, options.viewers)
        panels = panels_ms(conn)
    for page, (drawn, size) in first.items():
        time_share, size_share = percent(drawn.in_view_s / FIRST_SCREEN_S), percent(size / FIRST_VISIT_BYTES)
        whole, busy = percent(drawn.whole_s / FIRST_SCREEN_S), percent(drawn.page_s / FIRST_SCREEN_S)
        print(f"{page:<9} first screen {time_share:>5} of 2 s (all {whole}, page {busy}), {size_share:>5} of 1.2 MB")
    for page, found in changes.items():
        shares = [percent(median(each) / FILTER_S) for each in zip(*found, strict=True)]
        worst = f"worst {max(drawn.in_view_s for drawn in found):.2f} s"
        print(f"{page:<9} change of period {shares[0]:>5} of 0.5 s (all {shares[1]}, page {shares[2]}, {worst})")
    for page, took_ms in alone_ms.items():
        print(f"{page:<9} on the server {took_ms:6.0f} ms")
    print(f"seats, {options.viewers} viewers at once: {crowded_ms / alone_ms['seats']:.1f} x one viewer")
    for name, (ours_ms, plain_ms) in panels.items():
        print(f"a day {name}: plain SQL over readings takes {plain_ms / ours_ms:.0f} x ours ({ours_ms:.0f} ms)")
    measured = {
        "first_screen": {page: {**drawn._asdict(), "bytes": size} for page, (drawn, size) in first.items()},
        "change_of_period": {page: [drawn._asdict() for drawn in found] for page, found in changes.items()},
        "server_ms": alone_ms,
        "viewers": options.viewers,
        "crowded_ms": crowded_ms,
        "panels_ms": {name: {"ours": ours, "plain_sql": plain} for name, (ours, plain) in panels.items()},
    }
    print(f"kept in {keep('dashboard', measured)}")


if __name__ == "__main__":
    main()
