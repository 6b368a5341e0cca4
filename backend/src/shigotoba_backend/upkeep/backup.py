"""The whole database into one file, and back into an empty server, with the count of every table's rows beside it.

PostgreSQL's own pg_dump and pg_restore do the work; both must be of the server's major version or newer. Rows are
counted in the snapshot that is dumped, so ingest and bookings go on meanwhile, and after a restore the counts must be
the same to the row.

Responsible for a backup that has been proven, not hoped, to be whole. Refuses to restore over anything.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
import psycopg
from psycopg import sql

from shigotoba_backend.store.connection import first_line
from shigotoba_backend.store.sql import load
from shigotoba_backend.upkeep.moving import settle
from shigotoba_wire.files import replace_file, sync_directory

_QUERIES: Final = load("backup.sql", package="shigotoba_backend.upkeep")
_SCHEMA: Final = "shigotoba"
_MODE: Final = 0o644


class BackupError(Exception):
    """A backup cannot be made or restored; the message says why and what to do."""


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds; lies beside it as ``<file>.json``.

    Attributes:
        rows: Rows by table.
        timescaledb: Version of the extension, where the readings are laid out with it.
    """

    rows: Mapping[str, int]
    timescaledb: str | None = None

    @property
    def total(self) -> int:
        """Rows of all tables together."""
        return sum(self.rows.values())


def back_up(conn: psycopg.Connection, conninfo: str, file: Path, programs: Path | None) -> Manifest:
    """Writes the database into ``file``, which appears only once it is whole and on the disk.

    Args:
        conn: To the database, in autocommit mode.
        conninfo: The same database, for pg_dump; no password is in it (see ``BackendSettings``).
        file: To write; its directory exists.
        programs: Directory of pg_dump; None for the search path.

    Raises:
        BackupError: pg_dump is missing or failed, or the file is there already.
    """
    if file.exists():
        raise BackupError(f"{file} is there already. Name another file; a backup is never written over.")
    partial = file.with_name(f"{file.name}.partial")
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        (snapshot,) = conn.execute(_QUERIES["snapshot"]).fetchone() or ("",)
        manifest = _manifest(conn)
        options = ["--format=custom", f"--snapshot={snapshot}", f"--file={partial}", f"--dbname={conninfo}"]
        _run(programs, "pg_dump", *options)
    replace_file(manifest_of(file), msgspec.json.format(msgspec.json.encode(manifest)), _MODE)
    partial.rename(file)
    sync_directory(file.parent)
    return manifest


def restore(conn: psycopg.Connection, conninfo: str, file: Path, programs: Path | None) -> Manifest:
    """Fills an empty database from ``file`` and counts every table's rows.

    Raises:
        BackupError: The database is not empty, the file or its manifest is missing or damaged, or rows are missing
            afterwards.
    """
    if conn.execute(_QUERIES["is_empty"]).fetchone() != (True,):
        raise BackupError("the database already has the schema shigotoba. Restore into a new, empty database.")
    promised = _read_manifest(file)
    if promised.timescaledb:
        _bring_timescaledb(conn, promised.timescaledb)
        _restore_around_timescaledb(conn, conninfo, file, programs)
    else:
        _fill(conninfo, file, programs)
    _compare(promised, _manifest(conn), file)
    settle(conn)
    return promised


def manifest_of(file: Path) -> Path:
    """Where the counts of a backup lie."""
    return file.with_name(f"{file.name}.json")


def _bring_timescaledb(conn: psycopg.Connection, version: str) -> None:
    """The very version that was backed up: its catalogue is part of the backup."""
    try:
        conn.execute(_QUERIES["create_timescaledb"])
    except psycopg.Error as error:
        raise BackupError(
            f"the backup is of TimescaleDB {version}, which this server does not offer ({first_line(error)}). "
            "Restore on a server that has it."
        ) from error
    (found,) = conn.execute(_QUERIES["timescaledb"]).fetchone() or ("",)
    if found != version:
        raise BackupError(
            f"the backup is of TimescaleDB {version} and this server has {found}. Restore with {version}, then update."
        )


def _restore_around_timescaledb(conn: psycopg.Connection, conninfo: str, file: Path, programs: Path | None) -> None:
    """The extension wants to be told before and after (its documentation, "Logical backup")."""
    conn.execute(_QUERIES["before_restore"])
    _fill(conninfo, file, programs)
    conn.execute(_QUERIES["after_restore"])


def _fill(conninfo: str, file: Path, programs: Path | None) -> None:
    _run(programs, "pg_restore", "--exit-on-error", "--no-owner", f"--dbname={conninfo}", str(file))


def _run(programs: Path | None, name: str, *arguments: str) -> None:
    program = str(programs / name) if programs else name
    try:
        done = subprocess.run([program, *arguments], check=False, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise BackupError(
            f"{program} was not found. Install PostgreSQL's client programs, or say --programs."
        ) from error
    if done.returncode:
        raise BackupError(f"{name}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}")


def _manifest(conn: psycopg.Connection) -> Manifest:
    tables = [name for (name,) in conn.execute(_QUERIES["tables"]).fetchall()]
    found = conn.execute(_QUERIES["timescaledb"]).fetchone()
    return Manifest({table: _count(conn, table) for table in tables}, found[0] if found else None)


def _count(conn: psycopg.Connection, table: str) -> int:
    query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(_SCHEMA, table))
    (rows,) = conn.execute(query).fetchone() or (0,)
    return rows


def _read_manifest(file: Path) -> Manifest:
    try:
        return msgspec.json.decode(manifest_of(file).read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise BackupError(f"{error.filename} is missing. It was written beside the backup; bring both.") from error
    except msgspec.DecodeError as error:
        raise BackupError(f"{manifest_of(file)} is damaged: {error}.") from error


def _compare(promised: Manifest, found: Manifest, file: Path) -> None:
    short = [
        f"{table} has {found.rows.get(table, 0)} rows instead of {rows}"
        for table, rows in promised.rows.items()
        if found.rows.get(table, 0) != rows
    ]
    if short:
        raise BackupError(f"{file} was not restored whole: {'; '.join(short)}. Do not use this database.")
