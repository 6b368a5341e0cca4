"""Every secret of a running demo, and every place where others could see one.

Responsible for looking. Refuses to know why a secret may stand somewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from shigotoba_testing.product import Demo

SHORTEST = 8
"""Shorter ones could stand anywhere by chance."""

Leak = tuple[str, str]
"""Where a secret stands, and whose it is."""


def files_of_secrets(demo: Demo) -> list[Path]:
    """The files that hold them."""
    return [path for path in (demo.home / "secrets").rglob("*") if path.is_file()]


def secrets(demo: Demo) -> Mapping[str, bytes]:
    """Each secret by its name: that of its file, for a file of many with whose it is."""
    found = {name: secret for path in files_of_secrets(demo) for name, secret in _within(path)}
    return {name: secret for name, secret in found.items() if len(secret) >= SHORTEST}


def leaks(demo: Demo) -> set[Leak]:
    """Every place where a secret stands that others can see."""
    kept = secrets(demo)
    return {
        (place, name) for place, seen in _what_others_can_see(demo) for name, secret in kept.items() if secret in seen
    }


def _within(path: Path) -> Iterator[tuple[str, bytes]]:
    text = path.read_text(encoding="utf-8").strip()
    if text.startswith("{"):
        yield from ((f"{path.name} of {whose}", str(secret).encode()) for whose, secret in json.loads(text).items())
    elif text:
        yield path.name, text.splitlines()[0].encode()


def _what_others_can_see(demo: Demo) -> Iterator[tuple[str, bytes]]:
    """Logs, the terminal, settings and status files, and what the process list shows of every process."""
    yield "the terminal", demo.said().encode()
    for place in ("log", "settings", "run"):
        for path in (demo.home / place).rglob("*"):
            if path.is_file():
                yield str(path.relative_to(demo.home)), path.read_bytes()
    for name, pid in demo.pids().items():
        yield f"the command line of {name}", Path(f"/proc/{pid}/cmdline").read_bytes()
