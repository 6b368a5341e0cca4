"""SQL by name, as psycopg takes it.

Responsible for handing out what a ``.sql`` file says. Refuses to build SQL.
"""

from __future__ import annotations

from collections.abc import Mapping

from shigotoba_wire.statements import load_statements


def load(file: str, package: str) -> Mapping[str, bytes]:
    """The statements under ``-- name: xyz`` in ``file`` of ``package``, by name.

    Bytes rather than text: psycopg accepts them as a statement, and the type checker still refuses text put together
    at run time.

    Raises:
        ValueError: A name stands twice, or text stands before the first name.
    """
    return {name: statement.encode() for name, statement in load_statements(package, file).items()}
