"""SQL kept in ``.sql`` files: one named statement per block.

A block begins with ``-- name: the_name`` and ends where the next begins. Responsible for reading such a file from a
package. Refuses to build statements.
"""

from __future__ import annotations

import re
from importlib.resources import files

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


def load_statements(package: str, filename: str) -> dict[str, str]:
    """The statements in ``filename`` of ``package``, by name.

    Raises:
        ValueError: A name stands twice, or text stands before the first name.
    """
    text = files(package).joinpath(filename).read_text(encoding="utf-8")
    before, *rest = _NAME.split(text)
    names, bodies = rest[::2], rest[1::2]
    if any(line.strip() and not line.startswith("--") for line in before.splitlines()):
        raise ValueError(f"{package}/{filename}: text before the first '-- name:'")
    if len(set(names)) != len(names):
        raise ValueError(f"{package}/{filename}: a name stands twice")
    return {name: body.strip() for name, body in zip(names, bodies, strict=True)}
