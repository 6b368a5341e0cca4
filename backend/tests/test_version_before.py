"""The version before the newest migration, fetched from the history and run: what an upgrade meets in a live house.

It makes its schema, imports a site and makes an account; then the present version migrates, and the older goes on
beside it, as one does whose restart is still to come. Every statement that it could run before it can still run.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psycopg
import pytest
from psycopg import sql

from shigotoba_backend.site.description import SiteFile
from shigotoba_backend.store.migrate import migrate, shipped

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
MIGRATIONS = "backend/src/shigotoba_backend/store/migrations"
MEMBERS = ("wire", "booth", "backend")
TABLES = """
SELECT c.relname FROM pg_class AS c
WHERE relnamespace = 'shigotoba'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1
"""


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


def before_the_newest() -> str:
    """The commit before the one that brought the newest migration; HEAD while that is not committed yet; else empty."""
    newest = shipped()[-1]
    file = f"{MIGRATIONS}/{newest.number:04d}_{newest.name}.sql"
    try:
        brought = git("log", "-1", "--diff-filter=A", "--format=%H", "--", file).decode().strip()
        return git("rev-parse", "--verify", f"{brought}^" if brought else "HEAD").decode().strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


@dataclass(frozen=True)
class Older:
    """A version of the backend in ``directory``, which speaks to the database of ``settings``."""

    directory: Path
    settings: Path

    def run(self, *arguments: str) -> str:
        path = os.pathsep.join(str(self.directory / member / "src") for member in MEMBERS)
        command = [sys.executable, "-P", "-m", "shigotoba_backend", *arguments, "--settings", str(self.settings)]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": path}
        )
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout

    def statements(self) -> dict[str, str]:
        """Every statement it keeps in files, by file and name, with the server's own placeholders."""
        found = dict[str, str]()
        for file in sorted((self.directory / "backend/src").rglob("*.sql")):
            parts = re.split(r"^-- name: (\w+)\n", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
            for name, text in zip(parts[1::2], parts[2::2], strict=True):
                found[f"{file.relative_to(self.directory)}, {name}"] = _numbered(text)
        return found


def _numbered(statement: str) -> str:
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    return re.sub(r"%\((\w+)\)s", lambda match: f"${names.index(match[1]) + 1}", statement).replace("%%", "%")


@pytest.fixture
def older(tmp_path: Path, empty_database: str) -> Older:
    commit = before_the_newest()
    if not commit:
        pytest.skip("the version before the newest migration is not in the history that came with this tree")
    archive = git("archive", commit, *(f"{member}/src" for member in MEMBERS))
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(tmp_path / "older", filter="data")
    settings = tmp_path / "backend.toml"
    settings.write_text(f'database = "{empty_database}"\n[broker]\nhost = "127.0.0.1"\nport = 1\n', encoding="utf-8")
    return Older(tmp_path / "older", settings)


def contents(conn: psycopg.Connection, columns: Mapping[str, Sequence[str]]) -> dict[str, list[tuple[object, ...]]]:
    """Those columns of each table, row by row."""
    return {
        table: sorted(
            conn.execute(
                sql.SQL("SELECT {} FROM shigotoba.{}").format(
                    sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in names),
                    sql.Identifier(table),
                )
            ).fetchall(),
            key=repr,
        )
        for table, names in columns.items()
    }


def planned(conn: psycopg.Connection, statements: dict[str, str]) -> set[str]:
    """Those that the server can plan; some need more than a plan, or are put together only when they are run."""
    can = set[str]()
    for name, text in statements.items():
        try:
            conn.execute(f"EXPLAIN (GENERIC_PLAN) {text}".encode())
        except psycopg.Error:
            continue
        can.add(name)
    return can


def test_an_upgrade_keeps_its_data_and_it_goes_on_beside_the_present_version(
    older: Older, empty_database: str, site_file: SiteFile, tmp_path: Path
) -> None:
    (tmp_path / "site.json").write_bytes(msgspec.json.encode(site_file))
    older.run("migrate")
    older.run("site-import", str(tmp_path / "site.json"))
    person = ("account", "create", "sato", "--name", "佐藤 花子", "--role", "facility", "--no-password")
    older.run(*person)
    with psycopg.connect(empty_database, autocommit=True) as conn:
        could = planned(conn, older.statements())
        columns = {
            table: [column.name for column in conn.execute(f"TABLE shigotoba.{table}".encode()).description or ()]
            for (table,) in conn.execute(TABLES).fetchall()
        }
        before = contents(conn, columns)
        applied = migrate(conn, shipped())
        assert applied, "the older version knows the newest migration already"
        after = contents(conn, columns)
        assert {name: rows for name, rows in after.items() if name != "migration"} == {
            name: rows for name, rows in before.items() if name != "migration"
        }
        assert len(could) > 400
        assert could - planned(conn, older.statements()) == set(), "statements it can no longer run"
    older.run("ready")
    older.run("site-import", str(tmp_path / "site.json"))
    older.run(*person, "--if-missing")
    older.run("account", "token", "sato", "--label", "after the upgrade", "--days", "1")
