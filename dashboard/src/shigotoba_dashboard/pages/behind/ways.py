"""Where a number of the day leads, for parts of a page that are drawn anew by themselves and know no filters.

Responsible for these addresses: a place on that day, a device on that day, the page that explains a state. Refuses to
know who may follow them: the page at the other end says so.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from shigotoba_dashboard.paths import BASE_PATH
from shigotoba_dashboard.words import FIRST_LANGUAGE, Words


def to_space(site: str, space: str, day: date, words: Words) -> str:
    """One seat or booth on that day, with the devices that said so."""
    return _address("space", words, site=site, space=space, period=f"{day}..{day}")


def to_device(site: str, device: str, day: date, words: Words) -> str:
    """What one device said on that day."""
    return _address("device", words, site=site, device=device, day=str(day))


def to_devices(site: str, words: Words, part: str) -> str:
    """A part of the page that says what is broken and what to do."""
    return f"{_address('devices', words, site=site)}#{part}"


def _address(page: str, words: Words, **asked: str) -> str:
    language = {} if words.language == FIRST_LANGUAGE else {"lang": words.language}
    return f"{BASE_PATH}{page}?{urlencode({**asked, **language})}"
