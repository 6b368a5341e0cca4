"""Time in the simulator: UTC milliseconds inside, days and clock times of Japan at the edges.

Japan has kept one offset since 1951, but the zone is named all the same, so that a building elsewhere stays possible.
Responsible for conversions. Refuses to know what time it is now.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

ZONE_NAME: Final = "Asia/Tokyo"
ZONE: Final = ZoneInfo(ZONE_NAME)

SECOND_MS: Final = 1_000
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000


def ms_of(moment: datetime) -> int:
    """UTC milliseconds of an aware ``moment``, cut to the millisecond."""
    return int(moment.timestamp() * 1000)


@lru_cache(maxsize=4096)
def midnight_ms(day: date) -> int:
    """When ``day`` begins in Japan, UTC milliseconds."""
    return ms_of(datetime.combine(day, time(), tzinfo=ZONE))


def day_of(at_ms: int) -> date:
    """The date in Japan at ``at_ms``."""
    return moment_of(at_ms).date()


def moment_of(at_ms: int) -> datetime:
    """``at_ms`` as an aware time of Japan."""
    return datetime.fromtimestamp(at_ms / 1000, tz=ZONE)


def next_day(day: date) -> date:
    """The day after."""
    return day + timedelta(days=1)
