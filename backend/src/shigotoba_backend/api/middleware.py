"""What every request passes through, outermost first: a number, protective headers, a check of where it came from.

Responsible for these three, for the line that a request leaves in the log, and for cookies that an endpoint asks for.
Refuses to know who asks.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shigotoba_backend.api.problems import ProblemError, place_of, problem_response
from shigotoba_wire.logs import REQUESTS, about

#: No script, style or form target but our own; nothing inline.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OURS: Final = frozenset({"same-origin", "none"})


class Numbered:
    """Gives each request an id, which every line of the log carries that comes of it, and the answer: ``X-Request-ID``.

    Cookies put into ``request.state.cookies`` (whole ``Set-Cookie`` values) go out with the answer.

    Args:
        app: What is inside.
        secure: Whether people reach us over HTTPS.
        policy: What a page may load.
        place: What the log calls an address; one that holds a secret must not be told whole.
    """

    def __init__(
        self, app: ASGIApp, *, secure: bool, policy: str = POLICY, place: Callable[[Scope], str] = place_of
    ) -> None:
        self._app = app
        self._place = place
        self._headers = {"Content-Security-Policy": policy, **HEADERS}
        if secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cookies: list[str] = []
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {}).update(request_id=request_id, cookies=cookies)
        began_s, status = time.monotonic(), 0

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(MutableHeaders(scope=message), request_id, cookies)
            await send(message)

        with about(request=request_id):
            try:
                await self._app(scope, receive, send_dressed)
            finally:
                took_ms = round((time.monotonic() - began_s) * 1000, 1)
                facts = {"method": scope["method"], "path": self._place(scope), "status": status, "took_ms": took_ms}
                REQUESTS.info("answered", extra={"facts": facts})

    def _dress(self, headers: MutableHeaders, request_id: str, cookies: Sequence[str]) -> None:
        headers["X-Request-ID"] = request_id
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        # A file as it lies on disk may be kept and asked about again; nothing else may be kept.
        headers.setdefault("Cache-Control", "no-cache" if "last-modified" in headers else "no-store")
        for cookie in cookies:
            headers.append("Set-Cookie", cookie)


class SameOrigin:
    """Refuses what another site's page sends in the name of someone signed in here (CSRF).

    Browsers say where a request comes from: ``Sec-Fetch-Site``, older ones ``Origin``. A request with neither is from
    a program; it passes unless it carries a cookie.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one ASGI connection."""
        if scope["type"] == "http" and scope["method"] not in _SAFE and not _from_here(Headers(scope=scope)):
            response = problem_response(Request(scope), ProblemError(403, "foreign_origin"))
            await response(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _from_here(headers: Headers) -> bool:
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] in _OURS
    if "origin" in headers:
        return urlsplit(headers["origin"]).netloc == headers.get("host", "")
    return "cookie" not in headers
