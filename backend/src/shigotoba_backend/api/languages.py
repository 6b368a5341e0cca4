"""Which language a request is answered in: the cookie of the switch, then the browser's wish, then Japanese.

Responsible for that choice. Refuses texts (see ``shigotoba_backend.texts``).
"""

from __future__ import annotations

from typing import Final

from starlette.requests import HTTPConnection

from shigotoba_backend.texts import LANGUAGES, Language, Texts, language_of, texts_in

COOKIE: Final = "language"


def language_for(request: HTTPConnection) -> Language:
    """The language of the answer to ``request``."""
    chosen = request.cookies.get(COOKIE)
    return language_of(chosen) if chosen else _wished(request.headers.get("accept-language", ""))


def texts_for(request: HTTPConnection) -> Texts:
    """The texts in the language of ``request``."""
    return texts_in(language_for(request))


def _wished(header: str) -> Language:
    wishes = (part.split(";")[0].strip()[:2].lower() for part in header.split(","))
    return language_of(next((wish for wish in wishes if wish in LANGUAGES), None))
