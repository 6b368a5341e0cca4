"""The keys of sealed sensors: a TOML file, ``[bindkeys]`` and a line for each, ``"54:48:E6:8F:80:A5" = "231d39c1..."``.

A sensor that counts from the start again, as some do with a new battery, is refused until a person says so: under
``[restarts]`` its line, ``"54:48:E6:8F:80:A5" = 1``, is raised by one each time.

Responsible for reading the file. Refuses to let a key out: no error and no log line holds one.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from shigotoba_wire.errors import SettingsError

KEY_BYTES: Final = 16
OTHERS: Final = 0o007

Lines = dict[str, object]

_ADDRESS: Final = re.compile(r"[0-9A-F]{2}(:[0-9A-F]{2}){5}\Z")
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
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: the keys cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # The error of the parser would show the line.
        raise SettingsError(
            f'{path}: not valid TOML. Write lines like "54:48:E6:8F:80:A5" = "32 hex digits".'
        ) from None
    keys, restarts = table.get("bindkeys"), table.get("restarts", {})
    if not isinstance(keys, dict) or not isinstance(restarts, dict) or table.keys() - {"bindkeys", "restarts"}:
        raise SettingsError(
            f"{path}: write [bindkeys] and a line for each sensor, and perhaps [restarts], nothing else."
        )
    return Keys(
        {address.upper(): _key(path, address.upper(), key) for address, key in cast("Lines", keys).items()},
        {address.upper(): _restarts(path, address, times) for address, times in cast("Lines", restarts).items()},
    )


def _key(path: Path, address: str, key: object) -> bytes:
    if not _ADDRESS.match(address):
        raise SettingsError(f"{path}: {address!r} is not an address such as 54:48:E6:8F:80:A5.")
    if not isinstance(key, str) or not _KEY.match(key):
        raise SettingsError(f"{path}: the key of {address} is not {2 * KEY_BYTES} hex digits.")
    return bytes.fromhex(key)


def _restarts(path: Path, address: str, times: object) -> int:
    if not isinstance(times, int) or isinstance(times, bool) or times < 0:
        raise SettingsError(f"{path}: the restarts of {address} are {times!r}. Write a whole number.")
    return times
