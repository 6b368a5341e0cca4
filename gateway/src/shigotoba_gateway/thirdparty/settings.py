"""What the gateway's settings file says of third-party sensors and of Home Assistant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec


class ThirdPartySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[third_party]``: sensors to take in.

    Attributes:
        mappings: Mapping files (see ``mapping``).
    """

    mappings: Annotated[tuple[Path, ...], msgspec.Meta(min_length=1)]


class DiscoverySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[home_assistant]``: the gateway's sensors are offered to Home Assistant.

    Attributes:
        prefix: What Home Assistant listens under.
        publish: False takes back all that was offered before, and offers nothing.
        points: Which points are offered.
        expire_after_s: Home Assistant shows a state as unavailable when it was not said again for so long.
        gone_after_days: A sensor not heard for so long is taken back.
    """

    prefix: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$")] = "homeassistant"
    publish: bool = True
    points: tuple[str, ...] = ("occupancy", "motion", "contact", "button", "battery_pct")
    expire_after_s: Annotated[int, msgspec.Meta(ge=1, le=604_800)] = 900
    gone_after_days: Annotated[float, msgspec.Meta(gt=0, le=3_650)] = 30.0
