"""How long until the page shows that somebody sat down, as a share of the 2 seconds promised.

``python bench/sit_to_screen.py [--times 20]``: starts the whole product in a home of its own, with a browser on its
page, and lets people sit down and leave. The way measured is the whole one: advertisement, D-Bus, driver, outbox, local
broker, gateway, upstream broker, ingest, database, page.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from playwright.sync_api import Page, sync_playwright

from shigotoba_testing.product import Demo
from shigotoba_testing.waiting import until

LIMIT_S = 2.0
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SEAT = "4f-s20"
NAME = "4-20"
IS_SHOWN = """([name, state]) => [...document.querySelectorAll('.sign.seat')]
    .some(sign => sign.innerText.startsWith(name) && sign.classList.contains(state))"""


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        demo = Demo(Path(folder) / "demo", history_days=0)
        demo.start()
        try:
            waits_s = measured(demo, times)
        finally:
            demo.stop()
    report(waits_s)


def measured(demo: Demo, times: int) -> list[float]:
    """Seconds from the command to the page, for each time somebody sits down or leaves."""
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS).new_page()
        page.goto(demo.address)
        demo.sim("leave", SEAT)
        until(lambda: page.evaluate(IS_SHOWN, [NAME, "vacant"]), what="an empty seat")
        waits = [wait_s(demo, page, *change) for _ in range(times // 2) for change in CHANGES]
        page.context.browser.close()
    return waits


CHANGES = (("sit", "occupied"), ("leave", "vacant"))


def wait_s(demo: Demo, page: Page, act: str, state: str) -> float:
    """The command is written when the simulator's command line has ended; the clock starts there."""
    demo.sim(act, SEAT)
    start_s = time.monotonic()
    page.wait_for_function(IS_SHOWN, arg=[NAME, state], polling=20, timeout=60_000)
    return time.monotonic() - start_s


def report(waits_s: list[float]) -> None:
    """Ratios to the limit, printed and kept."""
    shares = {"median": median(waits_s), "p90": quantiles(waits_s, n=10)[-1], "longest": max(waits_s)}
    result = {"limit_s": LIMIT_S, "times": len(waits_s)} | {name: value / LIMIT_S for name, value in shares.items()}
    for name, value_s in shares.items():
        print(f"{name:8} {value_s:5.2f} s = {value_s / LIMIT_S:4.0%} of {LIMIT_S:g} s")
    kept = Path(__file__).parent / "results" / "sit_to_screen.json"
    kept.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
