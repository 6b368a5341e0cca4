"""The whole product in a network namespace that holds nothing but its own loopback; run as a program.

``unshare --net python -m shigotoba_testing.offline HOME``: starts the demo, waits for readings, and opens in Chromium
the phone's pages, the display at a booth's door and every page of the dashboard's menu. Exit status 0 if it all works
and every request of every page, its workers among them, went to this machine.
"""

from __future__ import annotations

import errno
import fcntl
import socket
import struct
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

from shigotoba_backend.accounts.roles import ALLOWED, Role
from shigotoba_backend.phone.door import door_link
from shigotoba_dashboard.pages import PAGES
from shigotoba_dashboard.words import words_in
from shigotoba_testing.desk import chromium, drawn, turn_to, visit
from shigotoba_testing.product import SITE, Demo
from shigotoba_testing.waiting import until

WHO: Final = "admin"
PHONE: Final = ("", "booths", "find", "seats", "me")
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def main(home: Path) -> int:
    """Run the product and look at it; what was wrong goes to stderr."""
    _raise_loopback()
    if _can_reach_anybody():
        sys.exit("offline: this namespace has a way out, so the test would prove nothing")
    demo = Demo(home, history_days=0)
    try:
        demo.start()
        until(lambda: any(gateway.received for gateway in demo.coverage().gateways), what="the first readings")
        strangers = {host for host in _hosts_asked_by_pages(demo) if host != "127.0.0.1"}
    finally:
        demo.stop()
    if strangers:
        sys.exit(f"offline: the pages asked {', '.join(sorted(strangers))}")
    return 0


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(control, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def _can_reach_anybody() -> bool:
    """A documentation address (RFC 5737): without a route the connection fails at once."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("192.0.2.1", 9)) not in {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH}


def _hosts_asked_by_pages(demo: Demo) -> set[str]:
    asked = list[str]()
    with chromium() as browser, visit(browser) as context:
        context.on("request", lambda request: asked.append(request.url))
        _look_at_the_phone(context, demo)
        _look_at_the_dashboard(context.new_page(), demo.address)
    return set(_hosts(asked))


def _hosts(addresses: Iterable[str]) -> Iterable[str]:
    """What is in the page itself has none."""
    return (
        urlsplit(address).hostname or address for address in addresses if not address.startswith(("data:", "blob:"))
    )


def _look_at_the_phone(context: BrowserContext, demo: Demo) -> None:
    """Signs in, looks at a member of staff's pages, and at a door."""
    phone, page = demo.status()["phone"], context.new_page()
    page.goto(f"{phone}sign-in")
    page.locator("#login").fill(WHO)
    page.locator("#password").fill(Path(demo.status()["password_file"]).read_text(encoding="utf-8").strip())
    page.locator("button.main").click()
    page.wait_for_url(phone)
    with demo.connect() as conn:
        booth = next(space.space for space in demo.building().booths)
        secret = door_link(conn, SITE, booth, datetime.now(UTC))
    for path in (*PHONE, f"door/{secret}"):
        page.goto(phone + path, wait_until="load")
        expect(page.locator("h1").first).to_be_visible()


def _look_at_the_dashboard(page: Page, address: str) -> None:
    """Every page of the menu that the administrator may see."""
    first, *others = [each for each in PAGES.values() if each.menu and each.needs in ALLOWED[Role.ORGANISATION_ADMIN]]
    page.goto(f"{address}{first.path}")
    drawn(page)
    for each in others:
        turn_to(page, f"{urlsplit(address).path}{each.path}", words_in("ja").say(each.title))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
