"""Migrations only ever expand: by construction for each that has come and each that will.

What an older version reads is still there as it was, and what it writes is still taken: no column it does not know is
demanded of it, no conflict it counts on is gone. ``test_version_before`` runs such a version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from shigotoba_backend.store.migrate import Migration, migrate, shipped

pytestmark = pytest.mark.integration

FIRST_RELEASE = 3
"""The oldest version that may still run beside the present one."""

COLUMNS = """
SELECT table_name || '.' || column_name, data_type,
       is_nullable = 'NO' AND column_default IS NULL AND identity_generation IS NULL AND is_generated = 'NEVER'
FROM information_schema.columns WHERE table_schema = 'shigotoba' AND table_name NOT SIMILAR TO '%[0-9]{6}'
"""
KEYS = """
SELECT conrelid::regclass::text, substring(pg_get_constraintdef(oid) FROM '[(](.*)[)]') FROM pg_constraint
WHERE connamespace = 'shigotoba'::regnamespace AND contype IN ('p', 'u') AND conparentid = 0
"""
CONFLICTS = {
    columns
    for file in (Path(__file__).parents[1] / "src").rglob("*.sql")
    for columns in re.findall(r"ON CONFLICT \(([^)]*)\)", file.read_text(encoding="utf-8"))
}
"""Columns by which some statement expects to be told of a conflict."""

FUNCTIONS = """
SELECT oid::regprocedure || ' ' || pg_get_function_result(oid) FROM pg_proc
WHERE pronamespace = 'shigotoba'::regnamespace
"""


class Schema(NamedTuple):
    """What a version can rely on.

    Attributes:
        columns: The type of each.
        demanded: Columns that whoever inserts a row must fill.
        keys: Tables and columns that conflicts are judged by.
        functions: With their arguments and results.
    """

    columns: dict[str, str]
    demanded: set[str]
    keys: set[tuple[str, str]]
    functions: set[str]


def schema_of(conn: psycopg.Connection) -> Schema:
    rows = conn.execute(COLUMNS).fetchall()
    keys = {(table, columns) for table, columns in conn.execute(KEYS) if columns in CONFLICTS}
    functions = {row[0] for row in conn.execute(FUNCTIONS)}
    return Schema({row[0]: row[1] for row in rows}, {row[0] for row in rows if row[2]}, keys, functions)


def steps(conn: psycopg.Connection) -> Iterator[tuple[Migration, Schema, Schema]]:
    """Each migration after the first release, with the schema before and after it."""
    every = shipped()
    migrate(conn, [each for each in every if each.number <= FIRST_RELEASE])
    before = schema_of(conn)
    for migration in every:
        if migration.number > FIRST_RELEASE:
            migrate(conn, [each for each in every if each.number <= migration.number])
            after = schema_of(conn)
            yield migration, before, after
            before = after


def test_no_migration_takes_away_what_a_running_version_relies_on(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as conn:
        for migration, before, after in steps(conn):
            name = f"{migration.number:04d}_{migration.name}"
            assert before.columns.items() - after.columns.items() == set(), name
            known = {column for column in after.demanded if column.split(".")[0] in _tables(before)}
            assert known - before.demanded == set(), f"{name} demands what the version before does not fill"
            assert before.keys - after.keys == set(), name
            assert before.functions - after.functions == set(), name


def _tables(schema: Schema) -> set[str]:
    return {column.split(".")[0] for column in schema.columns}
