"""Who a program runs as, and whether that account can reach a file.

PostgreSQL refuses to run as root. As root it is given an account that owns nothing else; as anybody else it runs as
that person. Reach is tried, not computed from mode bits: access lists, mounts and namespaces have their say too.

Refuses to create accounts or to change anybody's permissions.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shigotoba_standalone.errors import StandaloneError

UNPRIVILEGED: Final = ("nobody", "daemon", "bin")


@dataclass(frozen=True)
class Account:
    """An entry of the passwd database."""

    name: str
    uid: int
    gid: int


def account_of(uid: int) -> Account:
    """The account with ``uid``; a number without a name is its own name."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(str(uid), uid, uid)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def our_account() -> Account:
    """Who this process runs as."""
    return account_of(os.geteuid())


def unprivileged() -> Account:
    """The account a server gets when we are root.

    Raises:
        StandaloneError: The system has none of the usual ones.
    """
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise StandaloneError(
        f"PostgreSQL does not run as root and none of the accounts {', '.join(UNPRIVILEGED)} exists here. "
        "Run as an ordinary user instead."
    )


def run_as(account: Account, command: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    """Run ``command`` to its end as ``account`` and hand back what it said."""
    switch = account.uid != os.geteuid()
    return subprocess.run(
        command,
        capture_output=True,
        check=False,
        cwd="/",
        user=account.uid if switch else None,
        group=account.gid if switch else None,
        extra_groups=[] if switch else None,
    )


def can_enter(account: Account, directory: Path) -> bool:
    """Whether ``account`` may pass through ``directory`` and all above it."""
    return _succeeds(account, ["test", "-x", str(directory)])


def can_run(account: Account, program: Path) -> bool:
    """Whether ``account`` may start ``program``, asked by starting it with ``--version``."""
    return _succeeds(account, [str(program), "--version"])


def _succeeds(account: Account, command: Sequence[str]) -> bool:
    try:
        return run_as(account, command).returncode == 0
    except OSError:  # also where a container cannot take that identity at all
        return False
