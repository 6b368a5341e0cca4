"""Cells as machines want them: no characters of one platform, no layout by spaces, moments and periods in ISO 8601.

Responsible for one cell. Refuses to drop anything: ``①`` becomes ``(1)``, not nothing.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from shigotoba_backend.exports.dictionary import Cell

_SPACES: Final = re.compile(r"[\s　]+")
_ONE_PLATFORMS: Final = re.compile(
    "[\u2460-\u24ff\u3200-\u33ff\u2160-\u217f\uff61-\uff9f\u2116\u2121\u2211\u222e\u221f\u22bf]"
)
"""Circled and bracketed characters, squared words, Roman numerals, half-width kana, NEC's mathematical signs."""

_SIGNS: Final = {"∑": "Σ", "∮": "∫", "∟": "∠", "⊿": "△"}


def cell(value: object) -> Cell:
    """``value`` as it stands in a file."""
    match value:
        case None | bool() | int() | float():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case _:
            return plain(str(value))


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """``text`` on one line, every character of one platform spelt out. Columns repeat themselves, so it remembers."""
    spelt = "".join(_spelt(character) if is_platform_dependent(character) else character for character in text)
    return _SPACES.sub(" ", spelt).strip()


def is_platform_dependent(character: str) -> bool:
    """Whether it is known to look different, or like nothing, elsewhere. Kanji of names, such as 髙, are not."""
    return bool(_ONE_PLATFORMS.match(character)) or unicodedata.category(character) in ("Co", "Cs", "Cn")


def _spelt(character: str) -> str:
    spelt = _SIGNS.get(character) or unicodedata.normalize("NFKC", character)
    if spelt == character:
        return "?"
    return f"({spelt})" if spelt.isdecimal() else spelt
