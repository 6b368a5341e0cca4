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
_PREFERENCE_LIFE: Final = timedelta(days=400)


def session_secret(request: HTTPConnection, settings: WebSettings) -> str | None:
    """The session's secret that the browser sent, if any."""
    return request.cookies.get(_session_name(settings))


def session_cookie(settings: WebSettings, secret: str, life: timedelta) -> str:
    """A ``Set-Cookie`` value with the session's secret."""
    return _cookie(settings, _session_name(settings), secret, life)


def no_session_cookie(settings: WebSettings) -> str:
    """A ``Set-Cookie`` value that takes the session away."""
    return session_cookie(settings, "", timedelta(0))


def language_cookie(settings: WebSettings, language: Language) -> str:
    """A ``Set-Cookie`` value that remembers the language."""
    return remembered_cookie(settings, languages.COOKIE, language)


def remembered_cookie(settings: WebSettings, name: str, value: str) -> str:
    """A ``Set-Cookie`` value that remembers a preference."""
    return _cookie(settings, name, value, _PREFERENCE_LIFE)


def brief_cookie(settings: WebSettings, name: str, value: str, life: timedelta) -> str:
    """A ``Set-Cookie`` value for something that is needed for some minutes; an empty life takes it away."""
    return _cookie(settings, name, value, life)


def _cookie(settings: WebSettings, name: str, value: str, life: timedelta) -> str:
    flags = "; Secure" if settings.secure else ""
    return f"{name}={value}; Path=/; Max-Age={int(life.total_seconds())}; HttpOnly; SameSite=Lax{flags}"


def _session_name(settings: WebSettings) -> str:
    return "__Host-session" if settings.secure else "session"
