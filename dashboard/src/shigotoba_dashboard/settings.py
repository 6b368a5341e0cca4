"""The dashboard's settings file.

Responsible for reading it, with errors that name file and key. Refuses the environment: what is in force is in the
file.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec


class SettingsError(Exception):
    """The settings cannot be used; the message says which file and key."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``dashboard.toml`` holds.

    Attributes:
        database: PostgreSQL connection string; the password, if one is needed, stays in a password file.
        site: Code of the site that the pages show.
        host: Address to listen on.
        port: TCP port to listen on.
    """

    database: str
    site: str
    host: str = "127.0.0.1"
    port: int = 8050


def read_settings(path: Path) -> Settings:
    """The settings in ``path``.

    Raises:
        SettingsError: The file is missing, is not TOML, or a key is missing, unknown or of the wrong type.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Settings)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read ({error}). Name an existing settings file.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML: {error}.") from error
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {error}.") from error
