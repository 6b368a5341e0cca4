"""The dashboard's settings file.

Responsible for reading it, with errors that name file and key. Refuses the environment: what is in force is in the
file.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from shigotoba_backend.logs import LogSettings

SignIn = Literal["off", "offered", "required"]


class SettingsError(Exception):
    """The settings cannot be used; the message says which file and key."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``dashboard.toml`` holds.

    Attributes:
        database: PostgreSQL connection string; the password, if one is needed, stays in a password file.
        site: Code of the site that the pages show.
        host: Address to listen on.
        port: TCP port to listen on.
        sign_in: ``off``: whoever can reach the server sees every figure and changes nothing. ``offered``: the same but
            for the figures of sections and printers, and who signs in may do what their roles allow. ``required``:
            nothing without signing in.
        web_url: What people type to reach the web app, where they sign in; its cookies come here too, for cookies know
            hosts and not ports. Empty where one proxy serves both over HTTPS.
        session_idle_h: Hours after which an unused session ends; the same as in the web app's settings.
        logs: What it says of its work, and how.
    """

    database: str
    site: str
    host: str = "127.0.0.1"
    port: int = 8050
    sign_in: SignIn = "off"
    web_url: str = ""
    session_idle_h: int = 14 * 24
    logs: LogSettings = LogSettings()

    def __post_init__(self) -> None:
        """Refuses an address that cannot be one; msgspec reports the ValueError with the file."""
        if self.web_url and not self.web_url.startswith(("http://", "https://")):
            raise ValueError(f"web_url {self.web_url!r} is not like https://booths.example.lg.jp")


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
