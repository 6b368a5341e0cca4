"""Where the server's files lie, so that its account can reach them and the socket's name fits.

As an ordinary user everything lies below the home. As root the server has another account: if that cannot reach the
home, the files go to a directory of our own below ``/var/lib/shigotoba``, named after the home. Nobody's permissions
are changed for it.

Responsible for choosing and creating directories. Refuses to look inside the database.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shigotoba_standalone.accounts import Account, account_of, can_enter, our_account, unprivileged
from shigotoba_standalone.directories import slug, socket_directory
from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.postgres.binaries import Binaries, bundled, reachable_by

SYSTEM_ROOT: Final = Path("/var/lib/shigotoba")
SOCKET_FILE: Final = ".s.PGSQL.5432"


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


def _as_user(home: Path) -> Places:
    account = our_account()
    base = home / "postgres"
    base.mkdir(exist_ok=True)
    data = base / "data"
    if data.exists() and data.stat().st_uid != account.uid:
        owner = account_of(data.stat().st_uid).name
        raise StandaloneError(f"{data} belongs to {owner}. Run as the user that started it first, or reset it.")
    return Places(base, socket_directory(base / "socket", SOCKET_FILE, account), bundled(), account)


def _as_root(home: Path, system_root: Path) -> Places:
    account = _owner_of_existing(home, system_root) or unprivileged()
    outside = system_base(home, system_root)
    base = home / "postgres"
    if outside.exists() or not can_enter(account, home):
        _make_passable(system_root)
        _make_passable(outside)
        (outside / "home").write_text(f"{home}\n", encoding="utf-8")
        base = outside / "postgres"
    _make_passable(base)
    binaries = reachable_by(account, bundled(), system_root)
    return Places(base, socket_directory(base / "socket", SOCKET_FILE, account), binaries, account)


def _make_passable(directory: Path) -> None:
    """Make a directory of ours that every account may pass through, whatever the umask."""
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o755)


def _owner_of_existing(home: Path, system_root: Path) -> Account | None:
    """The account of data that is already there: it stays with whom it began."""
    for data in (system_base(home, system_root) / "postgres" / "data", home / "postgres" / "data"):
        if data.exists() and data.stat().st_uid != 0:
            return account_of(data.stat().st_uid)
    return None
