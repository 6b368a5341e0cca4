"""Settings files: TOML into frozen structs, with errors that name file, line and key (see ``settings_file``).

Responsible for the one block every process shares, the broker, and for secrets. Refuses environment magic: what is in
force is in the file.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from shigotoba_wire.errors import SettingsError
from shigotoba_wire.settings_file import Settings, SettingsFile


class Broker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to reach an MQTT broker.

    Attributes:
        host: Name or address.
        port: TCP port.
        username: Identity the broker checks; empty for none.
        password_file: File whose first line is the password; never the password itself.
        ca_file: PEM file of the authority to trust; switches TLS on.
        cert_file: PEM file of our own certificate, where the broker knows us by it; read anew at each connection.
        key_file: PEM file of its private key.
        keepalive_s: MQTT keep-alive, in seconds.
    """

    host: str
    port: int
    username: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    keepalive_s: int = 15

    def __post_init__(self) -> None:
        """Refuses half an identity; msgspec reports the ValueError with the file."""
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError("cert_file and key_file belong together")
        if self.cert_file is not None and self.ca_file is None:
            raise ValueError("cert_file needs ca_file: without it there is no TLS")


def read_settings(path: Path, kind: type[Settings]) -> Settings:
    """The settings in ``path`` as ``kind``.

    Raises:
        SettingsError: The file is missing, is not TOML, or a key is missing, unknown or of the wrong type.
    """
    return SettingsFile.open(path).read(kind)


def read_secret(path: Path) -> str:
    """The first line of a secrets file.

    Raises:
        SettingsError: The file is missing or empty. The content is never part of the message.
    """
    try:
        line = path.read_text(encoding="utf-8").split("\n", 1)[0].strip()
    except OSError as error:
        raise SettingsError(f"{path}: the secret cannot be read ({error.strerror}).") from error
    if not line:
        raise SettingsError(f"{path}: the secret is empty. Write it into the first line.")
    return line
