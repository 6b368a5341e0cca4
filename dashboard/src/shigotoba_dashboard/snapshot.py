"""What a page shows, asked in one go.

Responsible for putting the read side's answers together into one value per pace: ``Now`` every second, ``Today``
every few seconds. Refuses to judge or to write them out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import psycopg

from shigotoba_backend.floorplans.plans import PlanInfo, plans_on
from shigotoba_backend.read.booths import BoothUse, booth_uses
from shigotoba_backend.read.coverage import Coverage, coverage
from shigotoba_backend.read.devices import DeviceSeen, devices_seen
from shigotoba_backend.read.now import (
    FloorInfo,
    SiteInfo,
    SpaceNow,
    floors,
    latest_change,
    site_info,
    spaces_now,
)
from shigotoba_backend.read.printing import DayPrinting, printing_by_day
from shigotoba_backend.read.use import BucketUse, SpaceUse, use_by_bucket, use_by_space
from shigotoba_dashboard.dates import midnight

PRINTING_DAYS: Final = 30
#: Gateways report every few seconds; after two silent minutes nobody should trust a "now".
FRESH_FOR: Final = timedelta(minutes=2)

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class OfSite:
    """What is known of a site.

    Attributes:
        at: As-of time, UTC.
        site: The site.
    """

    at: datetime
    site: SiteInfo

    @property
    def zone(self) -> ZoneInfo:
        """The zone its days are counted in."""
        return ZoneInfo(self.site.time_zone)

    @property
    def day(self) -> date:
        """Today's date in the site's zone."""
        return self.at.astimezone(self.zone).date()

    @property
    def midnights(self) -> tuple[datetime, datetime]:
        """When today began there, and when the day before did."""
        return midnight(self.day, self.zone), midnight(self.day - timedelta(days=1), self.zone)


@dataclass(frozen=True)
class Now(OfSite):
    """The present.

    Attributes:
        floors: Its floors, lowest first.
        spaces: Every seat and booth.
        received_at: When readings were last committed; None before the first.
        plans: The floors' plans of the day, of those that have one.
    """

    floors: tuple[FloorInfo, ...]
    spaces: tuple[SpaceNow, ...]
    received_at: datetime | None
    plans: tuple[PlanInfo, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether readings are still arriving."""
        return self.received_at is not None and self.at - self.received_at <= FRESH_FOR

    def of_floor(self, floor: str | None) -> Now:
        """What of it is on one floor; None leaves it whole."""
        if floor is None:
            return self
        return replace(
            self,
            floors=tuple(each for each in self.floors if each.code == floor),
            spaces=tuple(space for space in self.spaces if space.floor == floor),
        )

    def of_kind(self, kind: str) -> tuple[SpaceNow, ...]:
        """The spaces of one kind."""
        return tuple(space for space in self.spaces if space.kind == kind)


@dataclass(frozen=True)
class Quarters(OfSite):
    """Today and yesterday by quarters of an hour: sums over all seats, which the rest of the day does not wait for.

    Attributes:
        start: Local midnight.
        start_yesterday: The midnight before.
        seats: How many there are.
        today: Quarter hours so far.
        yesterday: Those of the whole day before.
    """

    start: datetime
    start_yesterday: datetime
    seats: int
    today: tuple[BucketUse, ...]
    yesterday: tuple[BucketUse, ...]


@dataclass(frozen=True)
class Today(OfSite):
    """The day so far, with what it is compared with.

    Attributes:
        start: Local midnight.
        use: Every seat and booth since midnight.
        use_yesterday: The same from the midnight before until this time of day.
        booth_uses: Uses of booths that touch today.
        printing: The last 30 days, today included.
        devices: Every device.
        coverage: How complete the data are.
    """

    start: datetime
    use: tuple[SpaceUse, ...]
    use_yesterday: tuple[SpaceUse, ...]
    booth_uses: tuple[BoothUse, ...]
    printing: tuple[DayPrinting, ...]
    devices: tuple[DeviceSeen, ...]
    coverage: Coverage

    @property
    def elapsed_s(self) -> float:
        """Seconds since midnight."""
        return (self.at - self.start).total_seconds()


def read_now(conn: psycopg.Connection, site: str, at: datetime) -> Now:
    """The present of ``site``.

    Raises:
        UnknownSiteError: It has not been imported.
    """
    here = OfSite(at, site_info(conn, site))
    return Now(
        at=at,
        site=here.site,
        floors=tuple(floors(conn, site)),
        spaces=tuple(spaces_now(conn, site, at)),
        received_at=latest_change(conn, site),
        plans=tuple(plans_on(conn, site, here.day)),
    )


def read_today(conn: psycopg.Connection, site: str, at: datetime) -> Today:
    """The day so far of ``site``.

    Raises:
        UnknownSiteError: It has not been imported.
    """
    here = OfSite(at, site_info(conn, site))
    start, before = here.midnights
    return Today(
        at=at,
        site=here.site,
        start=start,
        use=tuple(use_by_space(conn, site, start, at)),
        use_yesterday=tuple(use_by_space(conn, site, before, at - (start - before))),
        booth_uses=tuple(booth_uses(conn, site, start, at)),
        printing=tuple(printing_by_day(conn, site, here.day - timedelta(days=PRINTING_DAYS - 1), here.day)),
        devices=tuple(devices_seen(conn, site, at)),
        coverage=coverage(conn, site, at),
    )


def read_quarters(conn: psycopg.Connection, site: str, at: datetime) -> Quarters:
    """The same day and the day before, by quarters of an hour.

    Raises:
        UnknownSiteError: It has not been imported.
    """
    here = OfSite(at, site_info(conn, site))
    start, before = here.midnights
    return Quarters(
        at=at,
        site=here.site,
        start=start,
        start_yesterday=before,
        seats=sum(1 for space in use_by_space(conn, site, at, at) if space.kind == "seat"),
        today=tuple(use_by_bucket(conn, site, "seat", start, at)),
        yesterday=tuple(use_by_bucket(conn, site, "seat", before, start)),
    )
