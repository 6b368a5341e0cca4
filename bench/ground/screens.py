"""Pages as Chromium shows them: how long until they stand there, what was moved, and that they are not empty.

Responsible for opening pages and for the clock beside them. Refuses pages that say that nothing is known: what is
measured must be what an office with a past gets.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, NamedTuple

from playwright.sync_api import Browser, CDPSession, Page

from shigotoba_dashboard.words import words_in

MONTHS: Final = ("2026-10", "2026-09", "2026-08", "2026-07", "2026-06")
_VISIT_MS: Final = 600_000
#: The page stands there, nothing of it in view waits for an answer or for its chart.
_IN_VIEW: Final = """() => document.querySelector("#page h1") && document.getElementById("waiting").hidden
    && !document.querySelector("[data-left]")
    && ![...document.querySelectorAll("#page [data-figure]:not(:has(.main-svg)), #page .live")]
        .filter((part) => part.getBoundingClientRect().top < window.innerHeight)
        .some((part) => part.dataset.figure || part.textContent.startsWith("読み込み中"))"""
#: So does everything further down.
_WHOLE: Final = f"""() => ({_IN_VIEW})()
    && !document.querySelector("#page [data-figure]:not(:has(.main-svg))")
    && ![...document.querySelectorAll("#page .live")].some((place) => place.textContent.startsWith("読み込み中"))"""
_LEAVE: Final = """(search) => {
    for (const part of document.getElementById("page").children) part.dataset.left = "";
    window.history.pushState({}, "", window.location.pathname + search);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
}"""
_NOTHING_KNOWN: Final = "Nothing is known of this period."


class HollowPageError(Exception):
    """A page has nothing to show, so its time says nothing."""


class Drawn(NamedTuple):
    """Until what is in view is drawn, until all is, and how long the page's thread worked for the first."""

    in_view_s: float
    whole_s: float
    page_s: float


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
    _drawn(page, lambda: page.goto(f"{address}?period=2026-11"))
    found = [_drawn(page, lambda month=month: page.evaluate(_LEAVE, f"?period={month}")) for month in MONTHS]
    page.close()
    return found


def _drawn(page: Page, act: Callable[[], object]) -> Drawn:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before_s, began_s = _busy_s(session), time.perf_counter()
    act()
    page.wait_for_function(_IN_VIEW, timeout=_VISIT_MS)
    in_view_s, page_s = time.perf_counter() - began_s, _busy_s(session) - before_s
    page.wait_for_function(_WHOLE, timeout=_VISIT_MS)
    whole_s = time.perf_counter() - began_s
    _refuse_hollow(page)
    return Drawn(in_view_s, whole_s, page_s)


def _refuse_hollow(page: Page) -> None:
    said = words_in("ja").say(_NOTHING_KNOWN)
    dashes = page.locator(".answer .tile-value", has_text="—").count()
    if dashes or said in (page.text_content("#page") or ""):
        raise HollowPageError(f"{page.url} says {said!r} or shows {dashes} dashes: what it reads was not filled.")


def _busy_s(session: CDPSession) -> float:
    """How long the page's own thread has worked since it was opened."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")
