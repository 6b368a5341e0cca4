"""What the presence sensors of booths say at this moment.

Responsible for that alone. Refuses to conclude anything from it (see ``shigotoba_booth.presence``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

import psycopg

from shigotoba_backend.rollups.silence import KEEP_ALIVES_KNOWN
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("sights.sql", package="shigotoba_backend.bookings")

Sensor = Literal["occupied", "vacant", "unknown"]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a booth's presence sensors say.

    Attributes:
        sensor: Unknown when there is none, or none has spoken for 2.5 keep-alives.
        since: Since when.
    """

    sensor: Sensor = "unknown"
    since: datetime | None = None


def sights(conn: psycopg.Connection, now: datetime, site: str | None = None) -> dict[int, Sight]:
    """What the presence sensors of booths say, by booth; booths without sensors are left out."""
    asked = {"site": site, "now": now, "keep_alives": KEEP_ALIVES_KNOWN}
    return {
        space_id: Sight(sensor, since and since.astimezone(UTC))
        for space_id, sensor, since in conn.execute(_QUERIES["sights"], asked)
    }
