"""The whole product in a network namespace that holds nothing but its own loopback; run as a program.

``unshare --net python -m shigotoba_testing.offline HOME``: starts the demo, waits for readings, opens the
pages in Chromium. Exit status 0 if it all works and every request of the pages went to this machine.
"""

from __future__ import annotations

import errno
import fcntl
import socket
import struct
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from shigotoba_testing.product import Demo
from shigotoba_testing.waiting import until

CHROMIUM = Path("/usr/bin/chromium")
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
        strangers = _hosts_asked_by(demo.address) - {"127.0.0.1"}
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


def _hosts_asked_by(address: str) -> set[str]:
    hosts = set[str]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or "inline"))
        page.goto(f"{address}today")
        page.wait_for_selector("text=3階")
        browser.close()
    return hosts - {"inline"}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
