"""The settings files of every process, from templates and the facts of this start.

A template is the file itself with ``$names`` in the place of values; each value is filled in as TOML, and a line whose
value is None is left out. Responsible for writing them. Refuses secrets: a settings file names password files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Template

from shigotoba_standalone.brokers.passwords import write_private

Value = str | int | Path


@dataclass(frozen=True)
class SettingsFiles:
    """Where the settings files are, by the room that reads them."""

    directory: Path

    def of(self, room: str) -> str:
        """Absolute path of the settings of ``room``, for a command line."""
        return str(self.directory / f"{room}.toml")


def write_settings(directory: Path, values: Mapping[str, Value | None]) -> SettingsFiles:
    """Write one file per template into ``directory``."""
    directory.mkdir(parents=True, exist_ok=True)
    filled = {name: as_toml(value) for name, value in values.items() if value is not None}
    absent = values.keys() - filled.keys()
    for template in resources.files("shigotoba_standalone.demo").joinpath("templates").iterdir():
        lines = template.read_text(encoding="utf-8").splitlines(keepends=True)
        said = "".join(line for line in lines if absent.isdisjoint(Template(line).get_identifiers()))
        write_private(directory / template.name, Template(said).substitute(filled))
    return SettingsFiles(directory)


def as_toml(value: Value) -> str:
    """``value`` in TOML; a JSON string or whole number is one of TOML's too."""
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)
