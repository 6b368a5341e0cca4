"""One line of a small TOML file added or changed, everything else in it left as a person wrote it.

Responsible for the text and for a file that is either the old one or the new one, whatever happens. Refuses to know
what the lines mean.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from shigotoba_wire.errors import SettingsError

PRIVATE: Final = 0o600


def with_line(text: str, table: str, key: str, value: str) -> str:
    """``text`` with ``"key" = value`` in ``[table]``, in the place of the line that had this key."""
    lines = text.splitlines()
    head = next((at for at, line in enumerate(lines) if line.split("#")[0].strip() == f"[{table}]"), None)
    entry = f'"{key}" = {value}'
    if head is None:
        return "\n".join([*lines, *([""] if lines else []), f"[{table}]", entry]) + "\n"
    end = next((at for at in range(head + 1, len(lines)) if lines[at].lstrip().startswith("[")), len(lines))
    at = next((at for at in range(head + 1, end) if _key(lines[at]) == key.casefold()), None)
    lines[head + 1 if at is None else at : head + 1 if at is None else at + 1] = [entry]
    return "\n".join(lines) + "\n"


def _key(line: str) -> str:
    return line.split("=", 1)[0].strip().strip("\"'").casefold()


def write_table(path: Path, text: str, check: Callable[[Path], object]) -> None:
    """Replace the file by ``text`` once ``check`` has read it without complaint; on disk when this returns.

    It keeps its owner and who may read it; a new one may be read by its owner alone.

    Raises:
        SettingsError: It cannot be written, or is not what ``check`` wants.
    """
    new = path.with_name(f"{path.name}.new")
    try:
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        check(new)
        _take_over_rights(path, new)
        new.replace(path)
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be written ({error.strerror}). Run this as the agent's account."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)


def _take_over_rights(old: Path, new: Path) -> None:
    if old.exists():
        rights = old.stat()
        os.chown(new, rights.st_uid, rights.st_gid)
        new.chmod(rights.st_mode & 0o777)
