"""The keys of sealed sensors: a TOML file, ``[bindkeys]`` and a line for each, ``"54:48:E6:8F:80:A5" = "231d39c1..."``.

Responsible for reading the file. Refuses to let a key out: no error and no log line holds one.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final, cast

from shigotoba_wire.errors import SettingsError

KEY_BYTES: Final = 16
OTHERS: Final = 0o007

Lines = dict[str, object]

_ADDRESS: Final = re.compile(r"[0-9A-F]{2}(:[0-9A-F]{2}){5}\Z")
_KEY: Final = re.compile(rf"[0-9a-fA-F]{{{2 * KEY_BYTES}}}\Z")


def read_keys(path: Path) -> dict[str, bytes]:
    """Keys of 16 bytes by address, ``54:48:E6:8F:80:A5``.

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
    lines = table.get("bindkeys")
    if not isinstance(lines, dict) or len(table) > 1:
        raise SettingsError(f"{path}: write [bindkeys] into the first line, then a line for each sensor, nothing else.")
    return {address.upper(): _key(path, address.upper(), key) for address, key in cast("Lines", lines).items()}


def _key(path: Path, address: str, key: object) -> bytes:
    if not _ADDRESS.match(address):
        raise SettingsError(f"{path}: {address!r} is not an address such as 54:48:E6:8F:80:A5.")
    if not isinstance(key, str) or not _KEY.match(key):
        raise SettingsError(f"{path}: the key of {address} is not {2 * KEY_BYTES} hex digits.")
    return bytes.fromhex(key)
