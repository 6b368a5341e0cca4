"""Everything the product keeps about one person, for that person.

Responsible for collecting it. Refuses to show it to anybody else (the route does).
"""

from __future__ import annotations

from typing import Final

import psycopg

from shigotoba_backend.store.sql import load

_QUERIES: Final = load("own_data.sql", package="shigotoba_backend.accounts")
_PARTS: Final = tuple(sorted(_QUERIES))


def own_data(conn: psycopg.Connection, person_id: int) -> dict[str, list[dict[str, object]]]:
    """Rows about the person by topic, JSON-able, without secrets."""
    return {part: _rows(conn, part, person_id) for part in _PARTS}


def _rows(conn: psycopg.Connection, part: str, person_id: int) -> list[dict[str, object]]:
    return [row for (row,) in conn.execute(_QUERIES[part], {"person_id": person_id})]
