"""Directories that only one account may enter, with names short and plain enough for sockets.

Responsible for making and vetting them. Refuses a directory that somebody else may have prepared.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path
from typing import Final

from shigotoba_standalone.accounts import Account
from shigotoba_standalone.errors import StandaloneError

SOCKET_PATH_LIMIT: Final = 107
"""Bytes of a unix socket's path (sun_path of unix(7), less its closing zero)."""


def slug(home: Path) -> str:
    """A short, safe and unique name for a home: its readable end, and a digest of the whole path."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", str(home)).strip("-")[-24:]
    return f"{readable}-{_digest(home)}".lstrip("-")


def socket_directory(preferred: Path, file_name: str, account: Account) -> Path:
    """``preferred`` if the path of ``file_name`` in it suits a socket, else a short one that always has the same name.

    Raises:
        StandaloneError: The directory exists and belongs to somebody else.
    """
    return private_directory(preferred if _suits(preferred / file_name) else short_name(preferred, account), account)


def short_name(preferred: Path, account: Account) -> Path:
    """The short directory that stands in for ``preferred``."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    shared = Path("/tmp")  # noqa: S108 - vetted in private_directory
    short = Path(runtime) if runtime and account.uid == os.geteuid() and Path(runtime).is_dir() else shared
    return short / f"shigotoba-{account.uid}-{_digest(preferred)}"


def private_directory(directory: Path, account: Account) -> Path:
    """Make ``directory`` (or accept it) as a real directory that only ``account`` may enter.

    Raises:
        StandaloneError: It exists and belongs to somebody else.
    """
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        found = directory.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (account.uid, os.geteuid()):
            raise StandaloneError(f"{directory} is not ours. Remove it, or name another home with --home.") from None
    if account.uid != os.geteuid():
        os.chown(directory, account.uid, account.gid, follow_symlinks=False)
    directory.chmod(0o700)
    return directory


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]


def _suits(path: Path) -> bool:
    """Whether it is short enough, and plain enough for comma-separated settings and D-Bus addresses."""
    return re.fullmatch(r"[A-Za-z0-9/_.-]+", str(path)) is not None and len(os.fsencode(path)) <= SOCKET_PATH_LIMIT
