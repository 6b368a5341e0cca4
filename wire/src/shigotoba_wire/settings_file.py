"""A settings file as it was read: what it says, and on which line.

Responsible for refusals that name file, line and key, whoever finds the fault: ``tomllib``, the struct that the file is
read into, or a rule of ours. Refuses to know any settings, and to show a value of a file that holds secrets: such files
are not read with this (see ``read_secret``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from shigotoba_wire.choices import choices
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.lines import joined, line_of, steps_of

Settings = TypeVar("Settings", bound=msgspec.Struct)
Table = dict[str, object]

_TOLD: Final = re.compile(r"(?P<what>.*?)(?: - at (?P<name>`key` in )?`\$\.?(?P<key>[^`]*)`)?", re.DOTALL)
_FIELD: Final = re.compile(r"field `([^`]+)`")
_CHOSEN_WRONGLY: Final = ("Object contains unknown field", "Invalid enum value")
_ANY: Final = "[...]"
"""How msgspec names an entry of a table whose keys are free."""


@dataclass(frozen=True)
class SettingsFile:
    """A settings file.

    Attributes:
        path: Where it is.
        text: What was read.
        table: What that means.
    """

    path: Path
    text: str
    table: Table

    @classmethod
    def open(cls, path: Path) -> SettingsFile:
        """Read ``path``.

        Raises:
            SettingsError: The file is missing, or is not TOML.
        """
        try:
            text = path.read_text(encoding="utf-8")
            return cls(path, text, tomllib.loads(text))
        except FileNotFoundError as error:
            raise SettingsError(f"{path}: no such file. Name an existing settings file.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path}: cannot be read ({error}).") from error
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{path}: not valid TOML: {error}.") from error

    def read(self, kind: type[Settings], table: Table | None = None, at: str = "") -> Settings:
        """The file, or its ``table`` that stands at ``at``, as ``kind``; text becomes a path where one is asked for.

        Raises:
            SettingsError: A key is missing, unknown or of the wrong type.
        """
        whole = self.table if table is None else table
        try:
            return convert(whole, kind)
        except msgspec.ValidationError as error:
            key, what = _fault(whole, kind, str(error))
            raise self.refusal(at + key if key.startswith("[") else f"{at}.{key}".strip("."), f"{what}.") from error

    def refusal(self, key: str, sentence: str) -> SettingsError:
        """That ``sentence`` is to be said of what stands at ``key``, such as ``driver[0].port``."""
        return SettingsError(f"{self.path}, line {line_of(self.text, key)}, {key or 'file'}: {sentence}")


def convert(table: Mapping[str, object], kind: type[Settings]) -> Settings:
    """A table as ``kind``.

    Raises:
        msgspec.ValidationError: It is none.
    """
    return msgspec.convert(table, kind, dec_hook=_path)


def _path(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise ValueError(f"expected {kind.__name__}, got {type(value).__name__}")


def _fault(table: Table, kind: type[msgspec.Struct], told: str) -> tuple[str, str]:
    """Where it is, and what it is; with what could be there, where that is a choice."""
    found = _TOLD.fullmatch(told)
    what, key = (found["what"], found["key"] or "") if found else (told, "")
    if _ANY in key or (found and found["name"]):
        key = _entry(table, kind, told, key.partition(_ANY)[0])
    if what.startswith(_CHOSEN_WRONGLY) and (known := choices(kind, steps_of(key))):
        what = f"{what}; there are {', '.join(known)}"
    if field := _FIELD.search(what):
        key = joined(key, field[1])
    return key, what


def _entry(table: Table, kind: type[msgspec.Struct], told: str, key: str) -> str:
    """Which entry of the table at ``key``, whose keys are free, has the fault: msgspec does not say."""
    changed = deepcopy(table)
    entries: Any = changed
    for step in steps_of(key):
        entries = entries[step]
    for name, value in dict(entries).items():
        entries.clear()
        entries[name] = value
        if _told(changed, kind) == told:
            return joined(key, name)
    return key


def _told(table: Table, kind: type[msgspec.Struct]) -> str:
    try:
        convert(table, kind)
    except msgspec.ValidationError as error:
        return str(error)
    return ""
