"""What the running product must not do: leak secrets, listen to the outside, run twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shigotoba_testing.product import Demo

pytestmark = pytest.mark.system

LISTEN = "0A"
LOOPBACK = "0100007F"


def test_a_second_demo_in_the_same_home_is_refused_in_one_line(demo: Demo) -> None:
    command = [sys.executable, "-m", "shigotoba_standalone", "demo", "--home", str(demo.home)]
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert second.returncode == 2
    assert len(second.stderr.strip().splitlines()) == 1


def test_no_secret_is_in_any_log_or_command_line(demo: Demo) -> None:
    secrets = [path.read_text().strip() for path in (demo.home / "secrets").rglob("*") if path.is_file()]
    assert secrets
    logs = "".join(path.read_text(errors="replace") for path in (demo.home / "log").iterdir())
    commands = "".join(_command_line(process) for process in Path("/proc").iterdir() if process.name.isdecimal())
    assert "shigotoba_gateway" in commands
    for secret in secrets:
        assert secret not in logs
        assert secret not in commands


def test_nothing_listens_to_other_machines(demo: Demo) -> None:
    outside = {f"socket:[{inode}]" for inode in _sockets_that_listen_outside()}
    held = {target for pid in demo.pids().values() for target in _descriptors(pid)}
    assert any(target.startswith("socket:") for target in held)
    assert not held & outside


def _command_line(process: Path) -> str:
    try:
        return (process / "cmdline").read_text(errors="replace")
    except OSError:
        return ""


def _sockets_that_listen_outside() -> set[str]:
    """Inodes from /proc/net/tcp (see proc(5)) of listeners on any address but 127.0.0.1."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[3] == LISTEN and not row[1].startswith(LOOPBACK)}


def _descriptors(pid: int) -> list[str]:
    targets: list[str] = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            targets.append(str(link.readlink()))
        except OSError:
            continue
    return targets
