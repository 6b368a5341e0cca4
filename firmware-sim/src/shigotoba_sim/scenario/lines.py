"""Where in a TOML file a value stands, so that a refusal can name the line.

``tomllib`` says what a file means and not where; this reads the same file again for headers and keys alone.
Responsible for line numbers of ``a.b`` and ``a[2].b`` in files as people write scenarios. Refuses nothing: for what it
cannot find it names the closest line above.
"""

from __future__ import annotations

import re
from typing import Final

_HEADER: Final = re.compile(r"\s*(\[\[|\[)\s*([\w.-]+)\s*\]")
_KEY: Final = re.compile(r"\s*([\w-]+)\s*=")
_STEP: Final = re.compile(r"([\w-]+)(?:\[(\d+)\])?")


def line_of(text: str, path: str) -> int:
    """The number, from 1, of the line on which ``path``, such as ``fault[2].share``, stands; 1 if nowhere."""
    table, _, key = path.partition(".")
    start, end = _table(text.splitlines(), table)
    wanted = _STEP.match(key)
    for number, line in enumerate(text.splitlines()[start:end], start=start + 1):
        found = _KEY.match(line)
        if found is not None and wanted is not None and found[1] == wanted[1]:
            return number
    return max(start, 1)


def _table(lines: list[str], step: str) -> tuple[int, int]:
    """Lines of a table: the number of its header and of the last line before the next; the whole file if none."""
    wanted = _STEP.match(step)
    headers = [(number, match[2]) for number, line in enumerate(lines, start=1) if (match := _HEADER.match(line))]
    mine = [number for number, name in headers if wanted is not None and name == wanted[1]]
    if wanted is None or not mine:
        return _plain_key(lines, step), len(lines)
    start = mine[min(int(wanted[2] or 0), len(mine) - 1)]
    return start, next((number - 1 for number, _name in headers if number > start), len(lines))


def _plain_key(lines: list[str], name: str) -> int:
    for number, line in enumerate(lines, start=1):
        found = _KEY.match(line)
        if found is not None and found[1] == name:
            return number
    return 0
