"""The dashboard in Chromium, at a desk: a browser, and when what a page shows has been drawn.

Dash exchanges a page's content when an answer comes, so nothing may be read before: a test waits with ``expect`` or
with ``drawn``, and never reads what an action is about to replace.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM: Final = Path("/usr/bin/chromium")
PATIENCE_MS: Final = 60_000
_QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The first two are the address bar's own pages: two more for each visitor, more work than most of ours. The rest
    # is what Playwright switches off, for of this flag only the last counts.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,NetworkTimeServiceQuerying,"
    "AimEnabled,PreconnectToSearch",
)
_DRAWN: Final = """() => document.querySelector("#page h1") && document.getElementById("waiting").hidden
    && [...document.querySelectorAll("#page [data-figure]")].every((chart) => chart.querySelector(".main-svg"))
    && [...document.querySelectorAll("#page .plan")].every((plan) => plan.querySelector(".sign"))
    && [...document.images].every((image) => image.complete)"""
_GO: Final = """(address) => {
    window.history.pushState({}, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
}"""

#: Marks of a module whose tests look at pages.
LOOKS: Final = (
    pytest.mark.browser,
    pytest.mark.integration,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM} (package chromium)"),
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that is installed, asking nothing of anybody by itself."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=_QUIET)
        yield browser
        browser.close()


@contextmanager
def visit(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor who was never here, has a screen of 1440 pixels and waits patiently."""
    expect.set_options(timeout=PATIENCE_MS)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ja-JP")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def drawn(page: Page) -> None:
    """Waits until the page stands there with its charts, plans and pictures."""
    page.wait_for_function(_DRAWN)


def turn_to(page: Page, address: str, title: str) -> None:
    """Goes to another page of the house as a link inside it does, and waits until it stands there.

    Args:
        page: Where a page of the house is open.
        address: Path and query.
        title: The other page's, which is not the present one's.
    """
    expect(page.locator("#page h1")).not_to_have_text(title)
    page.evaluate(_GO, address)
    expect(page.locator("#page h1")).to_have_text(title)
    drawn(page)


def within(page: Page, width: int) -> None:
    """Waits until a page needs no more than this width; a chart that is given less room takes a moment."""
    page.wait_for_function("(width) => document.documentElement.scrollWidth <= width", arg=width)


def first_beat(
    callbacks: list[dict[str, Any]], output: str, part: str | None = None, site: str | None = None
) -> dict[str, Any]:
    """The question that a browser asks for ``output`` when it has seen nothing, for ``_dash-update-component``."""
    callback = next(each for each in callbacks if output in each["output"])
    known: dict[str, Any] = {"seen": {}, "part": part, "site": site}
    state = [{**each, "value": known.get(each["id"].partition("-")[0])} for each in callback["state"]]
    return _question(callback, [{**each, "value": 1} for each in callback["inputs"]], state)


def asked_for(callbacks: list[dict[str, Any]], path: str, search: str) -> dict[str, Any]:
    """The question with which a browser asks for the page at an address."""
    callback = next(each for each in callbacks if "page.children" in each["output"])
    values = {"pathname": path, "search": search, "n_intervals": None}
    return _question(callback, [{**each, "value": values[each["property"]]} for each in callback["inputs"]], [])


def _question(callback: dict[str, Any], inputs: list[Any], state: list[Any]) -> dict[str, Any]:
    outputs = [part.rsplit(".", 1) for part in callback["output"].strip(".").split("...")]
    return {
        "output": callback["output"],
        "outputs": [{"id": name, "property": prop} for name, prop in outputs],
        "inputs": inputs,
        "state": state,
        "changedPropIds": [f"{each['id']}.{each['property']}" for each in inputs],
    }
