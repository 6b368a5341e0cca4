"""Full-width letters, digits, signs and dashes as their ordinary twins.

Responsible for that one step. Refuses what Unicode's own compatibility folding would do on top: ``①`` is not the number
1 and ``㈱`` is not three characters.
"""

from __future__ import annotations

import re
from typing import Final

_TWINS: Final = {0xFF01 + offset: chr(0x21 + offset) for offset in range(94)} | {0x3000: " "}
_DASH: Final = re.compile("[‐‑‒–—―−]|(?<![ァ-ヺー])ー")
"""The long vowel of katakana stands in for a dash, but not inside a word such as ページ."""


def ordinary(text: str) -> str:
    """``text`` in ordinary widths, every dash a hyphen, without spaces at its ends."""
    return _DASH.sub("-", text.translate(_TWINS)).strip()
