"""One instance per home: a lock that the kernel takes back when its holders are dead, however they died."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Generator
from pathlib import Path

from shigotoba_standalone.errors import StandaloneError


@contextlib.contextmanager
def held(path: Path) -> Generator[int]:
    """Hold the lock file at ``path``; yields its descriptor, so that a child may be given a share of the lock.

    Raises:
        StandaloneError: Somebody else holds it.
    """
    descriptor = _open(path)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StandaloneError(_refusal(path, os.read(descriptor, 32))) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StandaloneError(
            f"{error.filename}: {error.strerror}. Run as the user who started the demo first, "
            "or name another home with --home."
        ) from error


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock file at ``path`` now."""
    if not path.exists():
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _refusal(path: Path, holder: bytes) -> str:
    return (
        f"a demo is already running in {path.parent.parent} (pid {holder.decode(errors='replace')}). "
        "Stop it with Ctrl-C in its terminal, or name another home with --home."
    )
