"""No secret leaves its file: not into logs, not into the process list, not onto the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shigotoba_testing.product import Demo
from shigotoba_testing.waiting import until

pytestmark = pytest.mark.system

SHORTEST = 8
"""Shorter ones could stand anywhere by chance."""

TOLD = {("the terminal", "everybody")}
"""Whoever starts the demo is told how its people sign in."""


def secrets(demo: Demo) -> dict[Path, bytes]:
    """Every secret of a running demo, by the file it is in."""
    files = (path for path in (demo.home / "secrets").rglob("*") if path.is_file())
    found = {path: path.read_bytes().strip().splitlines()[0] for path in files if path.stat().st_size}
    return {path: secret for path, secret in found.items() if len(secret) >= SHORTEST}


def what_others_can_see(demo: Demo) -> Iterator[tuple[str, bytes]]:
    """Logs, the terminal, settings and status files, and what the process list shows of every process."""
    yield "the terminal", demo.said().encode()
    for place in ("log", "settings", "run"):
        for path in (demo.home / place).rglob("*"):
            if path.is_file():
                yield str(path), path.read_bytes()
    for name, pid in demo.pids().items():
        yield f"the command line of {name}", Path(f"/proc/{pid}/cmdline").read_bytes()


def test_secrets_stand_in_no_log_no_settings_file_and_no_process_list(demo: Demo) -> None:
    until(lambda: any(gateway.received for gateway in demo.coverage().gateways), what="a product at work")
    kept = secrets(demo)
    assert len(kept) >= 5, "the demo has a password for each of its users"
    assert (demo.home / "log" / "edge.log").exists(), "the logs are where they are looked for"
    leaks = [
        (place, path.name)
        for place, seen in what_others_can_see(demo)
        for path, secret in kept.items()
        if secret in seen
    ]
    assert set(leaks) <= TOLD


def test_the_files_of_secrets_are_for_their_owner_alone(demo: Demo) -> None:
    open_to_others = [path for path in secrets(demo) if path.stat().st_mode & 0o077]
    assert open_to_others == []
