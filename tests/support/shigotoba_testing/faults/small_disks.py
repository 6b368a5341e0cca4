"""Small disks for some directories of one program, which can be filled to the last byte.

They are file systems in memory, mounted in a mount namespace of the program's own: nobody else sees them, and they are
gone when the last process of the program is. As an ordinary user this takes a user namespace too, which not every
machine grants.

Responsible for mounting and filling. Refuses to know what is kept there. Run as a program, it mounts and becomes
another: ``small_disks.py DIRECTORY=BYTES ... -- COMMAND ...``.
"""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FILLER: Final = "filler"
_STEP_BYTES: Final = 4096

_CLONE_NEWNS: Final = 0x00020000
_CLONE_NEWUSER: Final = 0x10000000
_MS_REC: Final = 0x4000
_MS_PRIVATE: Final = 1 << 18
"""Numbers of unshare(2) and mount(2)."""


def command(sizes_bytes: Mapping[Path, int], program: Sequence[str]) -> list[str]:
    """The command that runs ``program`` with a disk of that size at each directory, which it makes."""
    disks = [f"{directory}={size}" for directory, size in sizes_bytes.items()]
    return [sys.executable, "-I", "-S", __file__, *disks, "--", *program]


def possible() -> bool:
    """Whether this machine lets us mount."""
    with tempfile.TemporaryDirectory() as directory:
        tried = command({Path(directory): _STEP_BYTES}, ["true"])
        return subprocess.run(tried, check=False, capture_output=True).returncode == 0


def seen_by(pid: int, path: Path) -> Path:
    """What process ``pid`` finds at ``path``."""
    return Path(f"/proc/{pid}/root{path}")


@contextmanager
def filled(directory: Path, room_left_bytes: int) -> Generator[None]:
    """Its disk has no more than ``room_left_bytes`` of room."""
    filler = directory / FILLER
    with filler.open("wb") as file:
        while (room := _room_bytes(directory) - room_left_bytes) >= _STEP_BYTES:
            _take(file.fileno(), room)
    yield
    filler.unlink()


def _room_bytes(directory: Path) -> int:
    disk = os.statvfs(directory)
    return disk.f_bavail * disk.f_frsize


def _take(file: int, room_bytes: int) -> None:
    """Somebody else may have taken the same room first; then there is less of it the next time."""
    try:
        os.posix_fallocate(file, os.fstat(file).st_size, room_bytes)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


def _main(arguments: Sequence[str]) -> None:
    disks, program = arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]
    _leave_for_a_namespace()
    for disk in disks:
        directory, _, size = disk.rpartition("=")
        Path(directory).mkdir(parents=True, exist_ok=True)
        _call("mount", b"none", os.fsencode(directory), b"tmpfs", 0, f"size={size},mode=755".encode())
    os.execvp(program[0], list(program))


def _leave_for_a_namespace() -> None:
    uid, gid = os.geteuid(), os.getegid()
    _call("unshare", _CLONE_NEWNS | (_CLONE_NEWUSER if uid else 0))
    if uid:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", encoding="ascii")
    _call("mount", b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)


def _call(name: str, *arguments: object) -> None:
    """A function of the C library that says -1 when it cannot.

    Raises:
        OSError: It cannot.
    """
    if ctypes.CDLL(None, use_errno=True)[name](*arguments):
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    _main(sys.argv[1:])
