"""What deploy/compose/restore.sh does inside the database's container, done here: no engine, but a real PostgreSQL.

``docker`` is a stand-in that runs what would run in the container on this machine, with PostgreSQL's own programs.
"""

from __future__ import annotations

import os
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shigotoba_backend.store.migrate import migrate, shipped
from shigotoba_standalone import postgres
from shigotoba_standalone.postgres.binaries import bundled

pytestmark = pytest.mark.integration

COMPOSE = Path(__file__).parents[2] / "deploy/compose"
PROGRAMS = bundled().program("psql").parent
DOCKER = """#!/bin/sh
[ "$*" != "compose ps --services" ] || { printf 'database\\napi\\n'; exit; }
[ "$*" != "compose stop api" ] || exit 0
there="compose run --rm --no-deps -T --entrypoint tar tools -C /var/lib/shigotoba/authority"
case "$*" in "$there "*) shift 10; exec tar -C "$AUTHORITY" "$@" ;; esac
[ "$1 $2 $3 $4" = "compose exec -T database" ] || { echo "unexpected: $*" >&2; exit 9; }
shift 4
exec "$@"
"""
SITE = """
INSERT INTO shigotoba.site (code, name, name_en, time_zone) VALUES (%(code)s, %(code)s, %(code)s, 'Asia/Tokyo')
"""


@pytest.fixture
def server(postgres_cluster: postgres.Cluster) -> Iterator[str]:
    """A server with a migrated database of the stack's name; all that the test leaves is dropped."""
    server = postgres.conninfo(postgres_cluster, "postgres")
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute("CREATE DATABASE shigotoba")
        with psycopg.connect(make_conninfo(server, dbname="shigotoba"), autocommit=True) as fresh:
            migrate(fresh, shipped())
        yield server
        for name in databases(conn):
            conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def databases(conn: psycopg.Connection) -> list[str]:
    found = conn.execute("SELECT datname FROM pg_database WHERE datname LIKE 'shigotoba%' ORDER BY 1").fetchall()
    return [name for (name,) in found]


def sites(server: str, name: str) -> list[str]:
    with psycopg.connect(make_conninfo(server, dbname=name)) as conn:
        return [code for (code,) in conn.execute("SELECT code FROM shigotoba.site ORDER BY 1").fetchall()]


def add_site(server: str, code: str) -> None:
    with psycopg.connect(make_conninfo(server, dbname="shigotoba")) as conn:
        conn.execute(SITE, {"code": code})


def script(name: str, file: Path, server: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    docker = tmp_path / "docker"
    docker.write_text(DOCKER, encoding="utf-8")
    docker.chmod(0o755)
    where = {
        f"PG{key.upper()}": str(value) for key, value in conninfo_to_dict(server).items() if key in {"host", "port"}
    }
    path = os.pathsep.join([str(tmp_path), str(PROGRAMS), os.environ["PATH"]])
    authority = tmp_path / "authority"
    authority.mkdir(exist_ok=True)
    (authority / "ca.key").write_text("a key", encoding="ascii")
    environment = {**os.environ, **where, "PATH": path, "AUTHORITY": str(authority)}
    command = ["sh", str(COMPOSE / name), str(file)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_what_the_stack_backed_up_comes_back_and_what_was_there_is_kept_aside(server: str, tmp_path: Path) -> None:
    add_site(server, "before")
    file = tmp_path / "a.dump"
    made = script("backup.sh", file, server, tmp_path)
    assert made.returncode == 0, made.stderr
    authority = tmp_path / "a.dump.authority.tar"
    with tarfile.open(authority) as kept:
        assert "./ca.key" in kept.getnames(), "without it every gateway would have to be claimed anew"
    assert not authority.stat().st_mode & 0o077
    add_site(server, "later")
    done = script("restore.sh", file, server, tmp_path)
    assert done.returncode == 0, done.stderr
    assert sites(server, "shigotoba") == ["before"]
    with psycopg.connect(server) as conn:
        (_, aside) = databases(conn)
    assert aside in done.stderr
    assert sites(server, aside) == ["before", "later"]


def test_a_file_that_is_no_backup_changes_nothing_and_a_torn_one_says_where_the_old_data_is(
    server: str, tmp_path: Path
) -> None:
    add_site(server, "before")
    file = tmp_path / "a.dump"
    file.write_text("no backup", encoding="utf-8")
    refused = script("restore.sh", file, server, tmp_path)
    assert refused.returncode == 1
    assert "nothing was changed" in refused.stderr
    with psycopg.connect(make_conninfo(server, dbname="shigotoba")) as conn:
        conn.execute("UPDATE shigotoba.site SET name = %s", (os.urandom(500_000).hex(),))
    whole = tmp_path / "whole.dump"
    assert script("backup.sh", whole, server, tmp_path).returncode == 0
    file.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 5])
    torn = script("restore.sh", file, server, tmp_path)
    assert torn.returncode != 0
    with psycopg.connect(server) as conn:
        (_, aside) = databases(conn)
    assert f"The database of before is whole, as {aside}" in torn.stderr
    assert sites(server, aside) == ["before"]
