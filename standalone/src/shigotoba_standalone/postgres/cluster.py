"""The data directory: made whole or not at all, and freed of what a killed server left behind.

A new cluster is made beside its final name and renamed when it is complete, so a directory of that name is always
whole and an interrupted initdb is recognised by the name it left.

Responsible for the files of a cluster at rest. Refuses to run the server.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from shigotoba_standalone.accounts import run_as
from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.postgres.binaries import MAJOR
from shigotoba_standalone.postgres.places import SOCKET_FILE, Places
from shigotoba_standalone.programs import Program

SUPERUSER: Final = "shigotoba"
_INITDB: Final = (
    f"--username={SUPERUSER}",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)


@dataclass(frozen=True)
class Cluster:
    """A complete data directory and its places."""

    places: Places


def prepare(places: Places, say: Callable[[str], None], options: Sequence[str] = ()) -> Cluster:
    """The cluster at ``places``, made now if there is none.

    Args:
        places: Where it lies.
        say: Told, in one line, about anything a person would wonder at.
        options: Further options of initdb, e.g. ``--no-sync`` for throw-away databases.

    Raises:
        StandaloneError: It is of another PostgreSQL version, or cannot be made.
    """
    try:
        return _prepare(places, say, options)
    except OSError as error:
        raise StandaloneError(f"{error.filename or places.base}: {error.strerror}. Name another home.") from error


def _prepare(places: Places, say: Callable[[str], None], options: Sequence[str]) -> Cluster:
    partial = places.base / "data.partial"
    if partial.exists():
        shutil.rmtree(partial)
        say(f"A half-made database was left at {partial}; it held nothing yet and is made again.")
    _set_broken_aside(places, say)
    if not places.data.exists():
        _make(places, partial, options)
    _check_version(places)
    return Cluster(places)


def _set_broken_aside(places: Places, say: Callable[[str], None]) -> None:
    """Move away a directory that has the right name but is no cluster; keep it for whoever wants to look."""
    whole = (places.data / "PG_VERSION").is_file() and (places.data / "global" / "pg_control").is_file()
    if whole or not places.data.exists():
        return
    aside = places.base / f"data.broken-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    places.data.rename(aside)
    say(f"The database at {places.data} was half-written; it is kept at {aside.name} and a new one is made.")


def _make(places: Places, partial: Path, options: Sequence[str]) -> None:
    partial.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(partial, places.account.uid, places.account.gid)
    command = [str(places.binaries.program("initdb")), f"--pgdata={partial}", *_INITDB, *options]
    initdb = Program("initdb", command, account=places.account)
    _check("initdb", subprocess.run(initdb.launch_command(), capture_output=True, check=False, cwd="/"))
    partial.rename(places.data)


def _check_version(places: Places) -> None:
    version = (places.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if version != MAJOR:
        raise StandaloneError(
            f"{places.data} was written by PostgreSQL {version} and this is {MAJOR}. "
            "Reset it, or use the release that wrote it."
        )


def create_database(cluster: Cluster, name: str) -> None:
    """Create the empty database ``name`` on the running server; nothing to do if it exists."""
    try:
        _run(cluster.places, "createdb", *_client(cluster), name)
    except StandaloneError as error:
        if "already exists" not in str(error):
            raise


def drop_database(cluster: Cluster, name: str) -> None:
    """Drop the database ``name`` on the running server, whoever is connected."""
    _run(cluster.places, "dropdb", *_client(cluster), "--if-exists", "--force", name)


def _client(cluster: Cluster) -> tuple[str, ...]:
    return (f"--host={cluster.places.socket}", f"--username={SUPERUSER}", "--no-password")


def clear_stale_locks(cluster: Cluster) -> None:
    """Remove lock files whose process is not this cluster's server.

    PostgreSQL refuses to start when the pid in a left-over lock file belongs to any live process of the same account,
    which is likely after a reboot and usual in containers. Ours is told by its working directory.

    Raises:
        StandaloneError: A server is in fact running on this cluster.
    """
    places = cluster.places
    for lock in (places.data / "postmaster.pid", places.socket / f"{SOCKET_FILE}.lock"):
        pid = _pid_in(lock)
        if pid is not None and _serves(pid, places.data):
            raise StandaloneError(f"another PostgreSQL (pid {pid}) is still using {places.data}. Stop it first.")
        with contextlib.suppress(FileNotFoundError):
            lock.unlink()


def _pid_in(lock: Path) -> int | None:
    try:
        return abs(int(lock.read_text(encoding="utf-8").split("\n", 1)[0]))
    except (FileNotFoundError, ValueError):
        return None


def _serves(pid: int, data: Path) -> bool:
    """Whether process ``pid`` works in ``data``, as a server does from its first moment."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data
    except OSError:
        return False


def _run(places: Places, program: str, *arguments: str) -> None:
    _check(program, run_as(places.account, [str(places.binaries.program(program)), *arguments]))


def _check(program: str, done: subprocess.CompletedProcess[bytes]) -> None:
    if done.returncode != 0:
        reason = " ".join(done.stderr.decode(errors="replace").split()) or f"status {done.returncode}"
        raise StandaloneError(f"{program} failed: {reason}")
