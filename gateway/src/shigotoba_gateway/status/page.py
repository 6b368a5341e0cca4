"""A small page for the network beside the gateway: what ``shigotoba-gateway status`` says, on a phone.

Read-only, no scripts, no secrets, a few kilobytes. Responsible for HTTP and HTML. Refuses anything but reading.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import cache
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from string import Template
from typing import Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from shigotoba_gateway.status.report import Report
from shigotoba_gateway.status.words import Remark, Sheet, sheet, words_in

log = logging.getLogger(__name__)

IDLE_S: Final = 5.0
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
OTHER: Final = {"ja": ("en", "English"), "en": ("ja", "日本語")}

Look = Callable[[], tuple[Report | None, float]]
"""The newest report and how many seconds the device has been on."""


def html_of(shown: Sheet, language: str) -> str:
    """The page."""
    other, other_name = OTHER[language]
    return _template().substitute(
        lang=language,
        title=escape(shown.title),
        other=other,
        other_name=other_name,
        mood="well" if shown.well else "ill",
        verdict=escape(shown.verdict),
        remarks=_remarks(shown.remarks, words_in(language).label("do")),
        lines="\n".join(f"<dt>{escape(line.label)}</dt><dd>{escape(line.value)}</dd>" for line in shown.lines),
    )


@cache
def _template() -> Template:
    return Template(_text("page.html"))


@cache
def _text(name: str) -> str:
    return files("shigotoba_gateway.status").joinpath(name).read_text(encoding="utf-8")


def _remarks(remarks: tuple[Remark, ...], do: str) -> str:
    items = [
        f'<li>{escape(remark.says)}<span class="do">{escape(do)}: {escape(remark.do)}</span></li>' for remark in remarks
    ]
    return f"<ol>{''.join(items)}</ol>" if items else ""


def language_of(query: str, accepted: str) -> str:
    """What was asked for in the address, else what the browser likes better; Japanese unless it says otherwise."""
    asked = parse_qs(query).get("lang", [""])[0]
    if asked in OTHER:
        return asked
    liked = [part.strip()[:2].lower() for part in accepted.split(",")]
    return next((language for language in liked if language in OTHER), "ja")


class StatusPage:
    """The page's server. Start it once; stop it once."""

    def __init__(self, host: str, port: int, look: Look) -> None:
        self._server = _Server((host, port), look)
        self._thread = threading.Thread(target=self._server.serve_forever, name="page", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to answer, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], look: Look) -> None:
        super().__init__(address, _Handler)
        self.look = look

    def handle_error(self, request: object, client_address: object) -> None:
        log.debug("a visitor of the page went away: %s from %s", request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]
    timeout = IDLE_S
    server_version = "shigotoba"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer the page, its style, or the report as JSON."""
        address = urlsplit(self.path)
        if address.path == "/":
            language = language_of(address.query, self.headers.get("Accept-Language", ""))
            report, boot_s = self.server.look()
            self._answer("text/html; charset=utf-8", html_of(sheet(report, "", boot_s, language), language).encode())
        elif address.path == "/style.css":
            self._answer("text/css; charset=utf-8", _text("page.css").encode())
        elif address.path == "/status.json":
            self._answer("application/json", msgspec.json.encode(self.server.look()[0]))
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_HEAD(self) -> None:
        """The same without the content."""
        self.do_GET()

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        for name, value in {**HEADERS, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Who looks at the page is not written down."""
