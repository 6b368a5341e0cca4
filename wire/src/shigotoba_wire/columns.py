"""Lines of text cut to the columns of a terminal, where a Japanese character takes two.

Responsible for where a line ends. Refuses to cut words of Latin letters, so that a path or an option stays whole.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WIDE: Final = "\u3000-\u30ff\u3400-\u9fff\uff00-\uff60"
_PIECE: Final = re.compile(rf"\s*[（「『]*(?:[{_WIDE}]|[^\s{_WIDE}]+)")
"""What stays together: one wide character or one word, with what opens before it."""
_NEVER_FIRST: Final = frozenset("、。，．）」』】：；？！ー・々")
"""What no line of Japanese begins with; it hangs over instead."""


def columns_of(text: str) -> int:
    """How many columns ``text`` takes."""
    return sum(2 if unicodedata.east_asian_width(each) in "FW" else 1 for each in text)


def folded(text: str, columns: int) -> list[str]:
    """``text`` as lines of at most ``columns``, but for single words that are longer."""
    lines = [""]
    for piece in _PIECE.findall(" ".join(text.split())):
        if lines[-1] and columns_of(lines[-1] + piece) > columns and piece not in _NEVER_FIRST:
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece
    return lines
