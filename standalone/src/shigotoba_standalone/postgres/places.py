"""Where the server's files lie, so that its account can reach them and the socket's name fits.

As an ordinary user everything lies below the home. As root the server has another account: if that cannot reach the
home, the files go to a directory of our own below ``/var/lib/shigotoba``, named after the home. Nobody's permissions
are changed for it.

Responsible for choosing and creating directories. Refuses to look inside the database.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shigotoba_standalone.accounts import Account, account_of, can_enter, unprivileged
from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.postgres.binaries import Binaries, bundled, reachable_by

SYSTEM_ROOT: Final = Path("/var/lib/shigotoba")
SOCKET_FILE: Final = "/.s.PGSQL.5432"
SOCKET_PATH_LIMIT: Final = 107
"""Bytes of a unix socket's path (sun_path of unix(7), less its closing zero)."""


@dataclass(frozen=True)
class Places:
    """Directories and account of one server.

    Attributes:
        base: Ours, holds the data directory and its half-made predecessors.
        socket: Holds the socket; only the account may enter.
        binaries: Programs the account can run.
        account: Who the server runs as.
    """

    base: Path
    socket: Path
    binaries: Binaries
    account: Account

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.base / "data"


def places_for(home: Path, system_root: Path = SYSTEM_ROOT) -> Places:
    """Choose and create the places of the server that belongs to ``home`` (which exists).

    Raises:
        StandaloneError: A directory cannot be made, or belongs to somebody else.
    """
    home = home.resolve()
    try:
        return _as_root(home, system_root) if os.geteuid() == 0 else _as_user(home)
    except OSError as error:
        raise StandaloneError(f"{error.filename or home}: {error.strerror}. Name another home with --home.") from error


def system_base(home: Path, system_root: Path = SYSTEM_ROOT) -> Path:
    """The directory outside ``home`` that belongs to it, whether it exists or not."""
    return system_root / slug(home.resolve())


def slug(home: Path) -> str:
    """A short, safe and unique name for a home: its readable end, and a digest of the whole path."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", str(home)).strip("-")[-24:]
    return f"{readable}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:8]}".lstrip("-")


def _as_user(home: Path) -> Places:
    account = account_of(os.geteuid())
    base = home / "postgres"
    base.mkdir(exist_ok=True)
    data = base / "data"
    if data.exists() and data.stat().st_uid != account.uid:
        owner = account_of(data.stat().st_uid).name
        raise StandaloneError(f"{data} belongs to {owner}. Run as the user that started it first, or reset it.")
    return Places(base, _socket_directory(home, base, account), bundled(), account)


def _as_root(home: Path, system_root: Path) -> Places:
    account = _owner_of_existing(home, system_root) or unprivileged()
    outside = system_base(home, system_root)
    base = home / "postgres"
    if outside.exists() or not can_enter(account, home):
        outside.mkdir(parents=True, exist_ok=True, mode=0o755)
        (outside / "home").write_text(f"{home}\n", encoding="utf-8")
        base = outside / "postgres"
    base.mkdir(exist_ok=True)
    base.chmod(0o755)
    binaries = reachable_by(account, bundled(), system_root)
    return Places(base, _socket_directory(home, base, account), binaries, account)


def _owner_of_existing(home: Path, system_root: Path) -> Account | None:
    """The account of data that is already there: it stays with whom it began."""
    for data in (system_base(home, system_root) / "postgres" / "data", home / "postgres" / "data"):
        if data.exists() and data.stat().st_uid != 0:
            return account_of(data.stat().st_uid)
    return None


def _socket_directory(home: Path, base: Path, account: Account) -> Path:
    """Beside the data if that name is short and plain, else a private directory in a short place."""
    candidate = base / "socket"
    if not _fits(candidate):
        runtime = Path(os.environ.get("XDG_RUNTIME_DIR", "/tmp"))  # noqa: S108
        short = runtime if os.geteuid() != 0 and runtime.is_dir() else Path("/tmp")  # noqa: S108
        candidate = short / f"shigotoba-{account.uid}-{slug(home)[-8:]}"
    return _private(candidate, account)


def _fits(directory: Path) -> bool:
    """Whether the socket's path is short enough, and plain enough for a comma-separated setting."""
    plain = re.fullmatch(r"[A-Za-z0-9/_.+-]+", str(directory)) is not None
    return plain and len(os.fsencode(f"{directory}{SOCKET_FILE}")) <= SOCKET_PATH_LIMIT


def _private(directory: Path, account: Account) -> Path:
    """Make ``directory`` (or accept it) as a real directory that only ``account`` may enter."""
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        found = directory.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (account.uid, os.geteuid()):
            raise StandaloneError(f"{directory} is not ours. Remove it, or name another home with --home.") from None
    if os.geteuid() == 0:
        os.chown(directory, account.uid, account.gid, follow_symlinks=False)
    directory.chmod(0o700)
    return directory
