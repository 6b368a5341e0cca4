"""The files of an agent's drivers that the electrician adds to: keys of sealed sensors, profiles of EnOcean devices.

Responsible for knowing which there are and for making those that are named but not there yet. Refuses to add to them
(see ``enrolling``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from shigotoba_edge.field.tables import write_table
from shigotoba_edge.settings import AgentSettings

FIRST_LINES: Final = {"key_file": "[bindkeys]\n", "devices_file": "[devices]\n"}


class Lists(msgspec.Struct, frozen=True):
    """Files by the name of their driver.

    Attributes:
        keys: Key files.
        devices: Devices files.
    """

    keys: dict[str, Path]
    devices: dict[str, Path]


def lists_of(settings: AgentSettings) -> Lists:
    """The files that the drivers' tables name."""
    return Lists(dict(_named(settings, "key_file")), dict(_named(settings, "devices_file")))


def make_missing(settings: AgentSettings) -> list[Path]:
    """Make those files that are not there yet, empty; which these were.

    Raises:
        SettingsError: One cannot be written.
    """
    missing = [
        (path, line) for key, line in FIRST_LINES.items() for _, path in _named(settings, key) if not path.exists()
    ]
    for path, line in missing:
        write_table(path, line, Path.read_text)
    return [path for path, _ in missing]


def _named(settings: AgentSettings, key: str) -> Iterator[tuple[str, Path]]:
    for table in settings.driver:
        if isinstance(table.get(key), str):
            yield str(table.get("name", "")), Path(table[key])
