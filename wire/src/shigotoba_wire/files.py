"""A file replaced in one step: a reader, or the next start after a power cut, sees the old content or the new one.

Responsible for that step, and for names that survive a power cut. Refuses to know what is in the file.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def replace_file(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Put ``content`` into ``path``; durable when this returns.

    As root the file gets the owner of its directory, so that a service can go on with what a command has written.

    Raises:
        OSError: The disk or the rights do not allow it; the old file is as it was.
    """
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            os.fchmod(file.fileno(), mode)
            give_to_owner_of(path.parent, file.fileno())
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            partial.unlink()
    sync_directory(path.parent)


def give_to_owner_of(directory: Path, target: Path | int) -> None:
    """As root: ``target`` belongs to whom ``directory`` belongs; nothing for anybody else."""
    if os.geteuid() == 0:
        owner = directory.stat()
        os.chown(target, owner.st_uid, owner.st_gid)


def make_directory(directory: Path) -> None:
    """Make ``directory`` and what is missing above it; durable when this returns.

    Raises:
        OSError: The disk or the rights do not allow it, or there is a file in the way.
    """
    if not directory.is_dir():
        make_directory(directory.parent)
        directory.mkdir(exist_ok=True)
        sync_directory(directory.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in ``directory`` survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
