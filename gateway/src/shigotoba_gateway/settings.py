"""The gateway's settings file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import msgspec

from shigotoba_gateway.identity.settings import IdentitySettings
from shigotoba_gateway.status.settings import StatusSettings
from shigotoba_gateway.thirdparty.settings import DiscoverySettings, ThirdPartySettings
from shigotoba_wire.clock import ClockSettings
from shigotoba_wire.logs import LogSettings
from shigotoba_wire.points import VOCABULARY
from shigotoba_wire.settings import Broker

COUNTERS: Final = ("impressions_", "sheets_", "fax_", "scan_", "duplex_")


class Rank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points of about the same value.

    Attributes:
        points: Their names.
        below_share: Free share of the spool's room below which they are not taken.
    """

    points: tuple[str, ...]
    below_share: Annotated[float, msgspec.Meta(ge=0, le=1)]


GIVE_UP: Final = (
    Rank(("voltage_v", "battery_pct", "count", "occupancy_raw", "motion", "printer_status", "printer_errors"), 0.10),
    Rank(tuple(point for point in VOCABULARY if point.startswith(COUNTERS)), 0.06),
    Rank(("contact", "occupancy"), 0.03),
    Rank(("button",), 0.01),
)
"""What a missing reading costs, least first: what others tell again soon; counters, where the next reading makes good
for the missing one; how long a seat was taken; and last what somebody did on purpose."""


class DiskSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the spool may use, and what it gives up first.

    Attributes:
        limit_bytes: The most the spool may hold; 0 for what the disk has.
        alarm_below_share: Free share of the room at which health and log raise an alarm.
        reserve_bytes: A file given up when the disk is full, so that receipts can still be written; 0 for none.
        give_up: Points that are not taken when room runs short, the least valuable first.
    """

    limit_bytes: Annotated[int, msgspec.Meta(ge=0)] = 0
    alarm_below_share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.2
    reserve_bytes: Annotated[int, msgspec.Meta(ge=0)] = 4 * 1024 * 1024
    give_up: tuple[Rank, ...] = GIVE_UP


class GatewaySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a gateway needs to know about itself.

    Attributes:
        site: The site it stands in.
        gateway: Its own name, which is also its user name at both brokers.
        spool: The file that keeps readings until the backend has them.
        local: The broker its agents publish to.
        upstream: The broker the backend listens to.
        disk: How the spool uses its disk.
        clock: How it is known that the clock is right.
        identity: Its certificate and who renews it; None where it uses a password upstream.
        status: Where its status is shown.
        third_party: Sensors that speak MQTT themselves; none if left out.
        home_assistant: Offers the sensors to Home Assistant; not offered if left out.
        logs: What it says of its work, and how.
    """

    site: str
    gateway: str
    spool: Path
    local: Broker
    upstream: Broker
    disk: DiskSettings = DiskSettings()
    clock: ClockSettings = ClockSettings()
    identity: IdentitySettings | None = None
    status: StatusSettings | None = None
    third_party: ThirdPartySettings | None = None
    home_assistant: DiscoverySettings | None = None
    logs: LogSettings = LogSettings()
