"""Wiping the demo: only what is ours, and never while it runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from shigotoba_standalone.accounts import our_account, unprivileged
from shigotoba_standalone.demo.home import Home
from shigotoba_standalone.directories import short_name
from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.locks import held
from shigotoba_standalone.postgres.places import system_base


def reset(home: Home) -> str:
    """Remove the demo in ``home``; what was done, in one line.

    Raises:
        StandaloneError: It is running, it is not a demo, or part of it belongs to somebody else.
    """
    if not home.root.exists():
        return f"There is no demo in {home.root}; nothing to wipe."
    if not home.birth.exists():
        raise StandaloneError(f"{home.root} holds no demo (no {home.birth.name}), so it is left alone.")
    with held(home.lock):
        try:
            for part in (*_outside(home), *home.parts()):
                _remove(part)
        except PermissionError as error:
            raise StandaloneError(
                f"{error.filename} belongs to another user. Run this as the user who started it."
            ) from error
    if not any(home.root.iterdir()):
        home.root.rmdir()
    return f"The demo in {home.root} is wiped."


def _outside(home: Home) -> Iterator[Path]:
    """What may lie elsewhere: the database that could not live in the home, and stand-ins for long socket names."""
    elsewhere = system_base(home.root)
    sockets = [base / "postgres" / "socket" for base in (home.root, elsewhere)]
    for account in {our_account(), unprivileged()}:
        yield from (short_name(preferred, account) for preferred in (home.run, *sockets))
    yield elsewhere


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
