"""The keys of sealed sensors: a TOML file, ``[bindkeys]`` and a line for each, ``"54:48:E6:8F:80:A5" = "231d39c1..."``.

A sensor that counts from the start again, as some do with a new battery, is refused until a person says so: under
``[restarts]`` its line, ``"54:48:E6:8F:80:A5" = 1``, is raised by one each time.

Responsible for reading the file. Refuses to let a key out: no error and no log line holds one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from shigotoba_wire.errors import SettingsError
from shigotoba_wire.lines import joined, line_of

KEY_BYTES: Final = 16
OTHERS: Final = 0o007

Lines = dict[str, object]

_ADDRESS: Final = re.compile(r"[0-9A-F]{2}(:[0-9A-F]{2}){5}\Z")
_LINE: Final = re.compile(r"\(at line (\d+)")
_KEY: Final = re.compile(rf"[0-9a-fA-F]{{{2 * KEY_BYTES}}}\Z")


@dataclass(frozen=True)
class Keys:
    """What a key file holds, by address such as ``54:48:E6:8F:80:A5``.

    Attributes:
        keys: 16 bytes each.
        restarts: How often a person has said that the sensor counts from the start again; none is 0.
    """

    keys: dict[str, bytes] = field(repr=False)
    restarts: dict[str, int]


def read_keys(path: Path) -> Keys:
    """The keys in ``path``.

    Raises:
        SettingsError: The file is missing, open to everybody, or a line is wrong. The message never holds a key.
    """
    try:
        if path.stat().st_mode & OTHERS:
            raise SettingsError(f"{path}: everybody on this machine may read these keys. Say: chmod 640 {path}")
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise SettingsError(f"{path}: the keys cannot be read ({error.strerror}).") from error
    table = _table(path, text)
    keys, restarts = table.get("bindkeys"), table.get("restarts", {})
    if not isinstance(keys, dict) or not isinstance(restarts, dict) or table.keys() - {"bindkeys", "restarts"}:
        raise SettingsError(
            f"{path}: write [bindkeys] and a line for each sensor, and perhaps [restarts], nothing else."
        )
    lines = cast("Lines", keys), cast("Lines", restarts)
    for at, name, flaw in _flaws(*lines):
        raise SettingsError(f"{path}, line {line_of(text, joined(at, name))}, {name}: {flaw}")
    return Keys(
        {address.upper(): bytes.fromhex(str(key)) for address, key in lines[0].items()},
        {address.upper(): cast("int", times) for address, times in lines[1].items()},
    )


def _table(path: Path, text: str) -> Lines:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # The rest of the parser's words may hold what is on the line, and so would a traceback.
        line = found[1] if (found := _LINE.search(str(error))) else text.count("\n") + 1
        raise SettingsError(
            f'{path}, line {line}: not valid TOML. Write lines like "54:48:E6:8F:80:A5" = "32 hex digits".'
        ) from None


def _flaws(keys: Lines, restarts: Lines) -> Iterator[tuple[str, str, str]]:
    """Table, address and what is wrong."""
    for address, key in keys.items():
        if not _ADDRESS.match(address.upper()):
            yield "bindkeys", address, "not an address such as 54:48:E6:8F:80:A5."
        if not isinstance(key, str) or not _KEY.match(key):
            yield "bindkeys", address, f"the key is not {2 * KEY_BYTES} hex digits."
    for address, times in restarts.items():
        if not isinstance(times, int) or isinstance(times, bool) or times < 0:
            yield "restarts", address, f"{times!r} restarts. Write a whole number."
