"""The dashboard's settings file.

Responsible for its shape; it is read as every settings file is (see ``shigotoba_backend.settings_files``). Refuses the
environment: what is in force is in the file.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from shigotoba_backend.logs import LogSettings

SignIn = Literal["off", "offered", "required"]


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
        session_idle_h: Hours after which an unused session ends; the same as in the web app's settings. What
            an open page asks by itself is no use; a page left open says that it has stopped.
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
