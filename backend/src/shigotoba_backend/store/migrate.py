"""Migrations: numbered SQL files, applied in order, once, each in its own transaction.

Rules for the files: expand first, contract a release later, so that a running older version survives the newer
schema; an applied file is never edited. Concurrent starts queue on one advisory lock.

Responsible for applying and for saying what is missing. Refuses to go back.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from typing import Final

import psycopg

from shigotoba_backend.store.sql import load

_QUERIES: Final = load("migrate.sql", package="shigotoba_backend.store")
_FILE_NAME: Final = re.compile(r"(\d{4})_(\w+)\.sql\Z")


class MigrationError(Exception):
    """The schema in the database cannot be brought to the one this version needs."""


@dataclass(frozen=True)
class Migration:
    """One file of ``store/migrations``.

    Attributes:
        number: Its place in the order, from the file name.
        name: The rest of the file name.
        script: The SQL.
    """

    number: int
    name: str
    script: bytes

    @property
    def checksum(self) -> str:
        """SHA-256 of the script, hexadecimal."""
        return hashlib.sha256(self.script).hexdigest()


def shipped() -> list[Migration]:
    """The migrations in this distribution, in order."""
    folder = resources.files("shigotoba_backend.store").joinpath("migrations")
    matches = [(_FILE_NAME.match(entry.name), entry) for entry in folder.iterdir()]
    found = [Migration(int(match[1]), match[2], entry.read_bytes()) for match, entry in matches if match]
    return sorted(found, key=lambda migration: migration.number)


def migrate(conn: psycopg.Connection, migrations: list[Migration]) -> list[Migration]:
    """Applies what is missing and returns it.

    Args:
        conn: A connection in autocommit mode.
        migrations: All of them, in order; see ``shipped``.

    Raises:
        MigrationError: An applied file has been changed since.
    """
    conn.execute(_QUERIES["lock"])
    try:
        conn.execute(_QUERIES["create_record"])
        missing = pending(conn, migrations)
        for migration in missing:
            _apply(conn, migration)
    finally:
        if not conn.closed:
            conn.execute(_QUERIES["unlock"])
    return missing


def pending(conn: psycopg.Connection, migrations: list[Migration]) -> list[Migration]:
    """Those that the database lacks, in order. Ones that only a newer version knows are left in peace.

    Raises:
        MigrationError: An applied file has been changed since.
    """
    if not _truth(conn, _QUERIES["record_exists"]):
        return migrations
    applied: dict[int, str] = dict(conn.execute(_QUERIES["applied"]).fetchall())
    for migration in migrations:
        _check_unchanged(migration, applied.get(migration.number, migration.checksum))
    return [migration for migration in migrations if migration.number not in applied]


def _apply(conn: psycopg.Connection, migration: Migration) -> None:
    with conn.transaction():
        conn.execute(migration.script)
        fields = {"number": migration.number, "name": migration.name, "checksum": migration.checksum}
        conn.execute(_QUERIES["record"], fields)


def _check_unchanged(migration: Migration, checksum_applied: str) -> None:
    if migration.checksum != checksum_applied:
        raise MigrationError(
            f"migration {migration.number:04}_{migration.name} was applied with checksum {checksum_applied[:12]}, but "
            f"the file has {migration.checksum[:12]}. Restore the file and put the change into a new migration."
        )


def _truth(conn: psycopg.Connection, query: bytes) -> bool:
    row = conn.execute(query).fetchone()
    return row is not None and bool(row[0])
