"""What the phone app costs a data plan, as a share of the 100 kB a first visit may cost.

``PYTHONPATH=tests/support python bench/page_weight.py``. Chromium counts the bytes on the wire, headers included: a
first visit of the first page, then each further page with what the browser has kept.
"""

from __future__ import annotations

import psycopg
from ground import ground
from ground.report import keep, percent
from playwright.sync_api import Page
from psycopg.conninfo import make_conninfo

from shigotoba_testing.desk import chromium
from shigotoba_testing.phone import phone_office

ALLOWED_BYTES = 100_000
FURTHER = ("/find?ask=1", "/booths", "/s/honcho/booths/3f-b1", "/bookings", "/seats", "/me", "/")


class Scales:
    """Counts what a page receives."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._sizes: list[float] = []
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: self._sizes.append(event["encodedDataLength"]))

    def weigh(self, path: str) -> int:
        """Bytes received until the page is at rest."""
        self._sizes.clear()
        self._page.goto(path)
        self._page.wait_for_timeout(1000)
        return round(sum(self._sizes))


def main() -> None:
    """Measures, prints, keeps."""
    with ground() as place:
        with psycopg.connect(place.conninfo, autocommit=True) as conn:
            conn.execute("CREATE DATABASE phone")
        with phone_office(make_conninfo(place.conninfo, dbname="phone")) as office, chromium() as browser:
            scales = Scales(office.phone(browser, "sato", service_workers="block").new_page())
            first = scales.weigh("/")
            further = {path: scales.weigh(path) for path in FURTHER}
    print(f"first visit: {first} bytes, {percent(first / ALLOWED_BYTES)} of what is allowed")
    for path, size in further.items():
        print(f"{path:<24} {size:>7} bytes")
    share = first / ALLOWED_BYTES
    keep("page_weight", {"first_visit_bytes": first, "share_of_allowed": share, "further_bytes": further})


if __name__ == "__main__":
    main()
