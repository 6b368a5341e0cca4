"""What mosquitto keeps of its sessions, looked at before it starts.

Mosquitto writes that file anew and does not ask whether the disk took the last of it (seen with 2.0.11). A full disk
leaves a file that ends in the middle, from which mosquitto never starts again. Sessions are no promise of ours:
whatever was in them is sent again until it is receipted.

Responsible for recognising a file that ends in the middle and for setting it aside. Refuses to understand its content.
"""

from __future__ import annotations

import logging
import struct
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

FILE: Final = "mosquitto.db"
_HEAD: Final = struct.Struct(">15sII")
"""Magic, checksum (unused), version: mosquitto's persist.h."""

_MAGIC: Final = b"\x00\xb5\x00mosquitto db"
_VERSION: Final = 6
_CHUNK: Final = struct.Struct(">II")
"""Kind and length of what follows."""


def set_broken_aside(file: Path) -> None:
    """Rename ``file`` to ``<name>.broken`` if it ends in the middle; one of another version is left to mosquitto."""
    if file.exists() and not is_whole(file.read_bytes()):
        aside = file.replace(file.with_name(f"{file.name}.broken"))
        log.warning(
            "%s ends in the middle, as after a full disk; it is kept as %s, sessions begin anew", file, aside.name
        )


def is_whole(kept: bytes) -> bool:
    """Whether the last chunk is there to its end; nothing at all is whole too."""
    if len(kept) < _HEAD.size:
        return not kept
    magic, _checksum, version = _HEAD.unpack_from(kept)
    if magic != _MAGIC or version != _VERSION:
        return True
    at = _HEAD.size
    while len(kept) - at >= _CHUNK.size:
        _kind, length = _CHUNK.unpack_from(kept, at)
        at += _CHUNK.size + length
    return at == len(kept)
