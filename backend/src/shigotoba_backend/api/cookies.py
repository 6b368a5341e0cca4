"""Our cookies: the session's, and the language's.

Over HTTPS the session's name begins with ``__Host-``, so that no other host can set it. Responsible for names and
attributes. Refuses to know what a session is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from starlette.requests import HTTPConnection

from shigotoba_backend.api import languages
from shigotoba_backend.api.settings import WebSettings
from shigotoba_backend.texts import Language

#: The database ends a session earlier; browsers need some end.
SESSION_LIFE: Final = timedelta(days=400)
_LANGUAGE_LIFE: Final = timedelta(days=400)


def session_secret(request: HTTPConnection, settings: WebSettings) -> str | None:
    """The session's secret that the browser sent, if any."""
    return request.cookies.get(_session_name(settings))


def session_cookie(settings: WebSettings, secret: str, life: timedelta) -> str:
    """A ``Set-Cookie`` value with the session's secret."""
    flags = "; Secure" if settings.secure else ""
    age_s = int(life.total_seconds())
    return f"{_session_name(settings)}={secret}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{flags}"


def no_session_cookie(settings: WebSettings) -> str:
    """A ``Set-Cookie`` value that takes the session away."""
    return session_cookie(settings, "", timedelta(0))


def language_cookie(settings: WebSettings, language: Language) -> str:
    """A ``Set-Cookie`` value that remembers the language."""
    flags = "; Secure" if settings.secure else ""
    age_s = int(_LANGUAGE_LIFE.total_seconds())
    return f"{languages.COOKIE}={language}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{flags}"


def _session_name(settings: WebSettings) -> str:
    return "__Host-session" if settings.secure else "session"
