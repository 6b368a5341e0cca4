"""The gateway's settings file."""

from __future__ import annotations

from pathlib import Path

import msgspec

from shigotoba_wire.settings import Broker


class GatewaySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a gateway needs to know about itself.

    Attributes:
        site: The site it stands in.
        gateway: Its own name, which is also its user name at both brokers.
        spool: The file that keeps readings until the backend has them.
        local: The broker its agents publish to.
        upstream: The broker the backend listens to.
    """

    site: str
    gateway: str
    spool: Path
    local: Broker
    upstream: Broker
