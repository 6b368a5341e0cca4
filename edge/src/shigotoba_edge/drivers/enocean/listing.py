"""The devices file: ``[devices]`` and a line for each sensor, ``"0029219a" = "A5-07-01"``; ``commission`` adds to it.

Responsible for reading the file. Refuses to write it (see ``field.enrolling``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from shigotoba_edge.drivers.enocean.profiles import ProfileName
from shigotoba_wire.settings import read_settings

SenderId = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Fa-f]{8}$")]


class Listing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a devices file holds: profile by sender (8 hex digits)."""

    devices: dict[SenderId, ProfileName]


def read_listing(path: Path) -> dict[str, ProfileName]:
    """The devices in ``path``.

    Raises:
        SettingsError: The file is missing, or a line is wrong; the message names it.
    """
    return read_settings(path, Listing).devices
