"""The last step before a program runs: take its account, tie its life to its parent's, become it.

A script of its own, because both steps belong between fork and exec and Python code there is unsafe in a parent with
threads. The order matters: the kernel forgets the parent-death signal whenever credentials change, so the account
comes first (prctl(2), PR_SET_PDEATHSIG). Note that the kernel's "parent" is the thread that forked: start programs
from the main thread only.

Responsible for that step alone. Refuses to import anything but the standard library: it runs as ``python -I -S``, so
that the program's account needs no reach into our environment.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def prctl(option: int, value: int) -> None:
    """Set one attribute of this process by the system call of that name.

    Raises:
        OSError: The kernel refuses.
    """
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl({option}, {value}): {os.strerror(number)}")


def take_account(uid: int, gid: int) -> None:
    """Drop to ``uid`` and ``gid``; nothing else of the old identity stays."""
    os.setgroups([gid])
    os.setgid(gid)
    os.setuid(uid)


def die_with_parent(parent_pid: int, signal_number: int) -> None:
    """Have the kernel send ``signal_number`` when the parent dies; end at once if it is dead already."""
    prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent_pid:
        sys.exit("the parent died before the program could start")


def main(arguments: list[str]) -> None:
    """``PARENT_PID SIGNAL UID:GID|- PROGRAM ARGUMENT...``; returns only by exception."""
    parent_pid, signal_number, account, *command = arguments
    if account != "-":
        uid, gid = account.split(":")
        take_account(int(uid), int(gid))
    die_with_parent(int(parent_pid), int(signal_number))
    try:
        os.execvp(command[0], command)  # noqa: S606
    except OSError as error:
        sys.exit(f"{command[0]}: cannot be started ({error.strerror})")


if __name__ == "__main__":
    main(sys.argv[1:])
