"""The part of the gateway's settings that is about its identity, ``[identity]``."""

from __future__ import annotations

from pathlib import Path

import msgspec


class IdentitySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the identity is kept and who renews it.

    Attributes:
        directory: Of key and certificate; nobody else may read it.
        platform: The platform's address, such as ``https://office.example.lg.jp``.
    """

    directory: Path
    platform: str
