"""What every request passes through, outermost first: a number, protective headers, a check of where it came from.

Responsible for these three and for cookies that an endpoint asks for. Refuses to know who asks.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shigotoba_backend.api.problems import ProblemError, problem_response

#: No script, style or form target but our own; nothing inline.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OURS: Final = frozenset({"same-origin", "none"})


class Numbered:
    """Gives each request an id, to be found again in the log, and sends it back as ``X-Request-ID``.

    Cookies put into ``request.state.cookies`` (whole ``Set-Cookie`` values) go out with the answer.
    """

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = dict(HEADERS)
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

        async def send_dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._dress(MutableHeaders(scope=message), request_id, cookies)
            await send(message)

        await self._app(scope, receive, send_dressed)

    def _dress(self, headers: MutableHeaders, request_id: str, cookies: Sequence[str]) -> None:
        headers["X-Request-ID"] = request_id
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
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
