"""Tottori's booths: from what their sensors say to the two figures that were published, which tell the same month.

Published are 8 booths and 200 uses a month; nothing of how long they were. Taken are uses of an hour each, a month of
20 working days (December 2025 with its year-end closure) and a prefecture's hours, 8:30 to 17:15.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from shigotoba_backend.indicators.model import IndicatorValue
from shigotoba_backend.indicators.periods import month
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.reference.published import published_figures
from shigotoba_backend.rollups.worker import step
from shigotoba_backend.site.description import Device, Floor, Holiday, OpeningHours, Site, SiteFile, Space
from shigotoba_backend.site.importing import import_site
from shigotoba_testing.stored import NINE, Told, deliver

NOW = datetime(2026, 1, 10, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
BOOTHS, USES = 8, 200
DECEMBER = [date(2025, 12, 1) + timedelta(days=number) for number in range(31)]
OPEN = [day for day in DECEMBER if day.isoweekday() <= 5 and day < date(2025, 12, 29)]

OFFICE = SiteFile(
    site=Site("tottori", "県庁", "Prefectural office", "Asia/Tokyo"),
    floors=[Floor("1f", "1階", "1st floor", 1)],
    spaces=[Space(f"1f-b{number}", "1f", "booth", None, f"ブース{number}", 1, number, 1.0) for number in range(BOOTHS)],
    devices=[Device(f"ble-{number}", "booth_sensor", f"1f-b{number}", 86_400.0) for number in range(BOOTHS)],
    assigned_from=datetime(2025, 11, 30, 15, tzinfo=UTC),
    opening_hours=[OpeningHours([1, 2, 3, 4, 5], "08:30", "17:15", date(2020, 4, 1))],
    holidays=[Holiday(date(2025, 12, 29), date(2026, 1, 4), "年末年始", "Year end")],
)


def readings(device: str) -> Iterator[Told]:
    """Empty at each midnight; an hour at nine every working day, and at two on five of them: 25 uses."""
    begins = [datetime.combine(day, time(9), TOKYO) for day in OPEN]
    begins += [datetime.combine(day, time(14), TOKYO) for day in OPEN[:5]]
    told = [(datetime.combine(day, time(), TOKYO), 0) for day in [*DECEMBER, date(2026, 1, 1)]]
    told += [(begin + timedelta(hours=late), there) for begin in begins for late, there in ((0, 1), (1, 0))]
    for seq, (at, occupied) in enumerate(sorted(told)):
        yield Told(device, "occupancy", (at - NINE).total_seconds(), seq, occupied)


def told(conn: psycopg.Connection, key: str) -> IndicatorValue:
    (value,) = indicator_values(conn, key, Scope("site", "tottori"), [month(2025, 12)], "single_month", NOW)
    return value


@pytest.mark.integration
def test_tottoris_200_uses_of_8_booths_are_a_seventh_of_their_open_hours(conn: psycopg.Connection) -> None:
    published = {each.indicator_en: each.value for each in published_figures() if each.organisation == "鳥取県"}
    assert (published["work booths"], published["work booth uses per month"], len(OPEN)) == (BOOTHS, USES, 20)
    import_site(conn, OFFICE)
    deliver(conn, [each for device in OFFICE.devices for each in readings(device.code)])
    while step(conn):
        pass
    uses, use = told(conn, "booth_uses"), told(conn, "booth_utilisation")
    assert uses.value == published["work booth uses per month"]
    assert (use.numerator, use.denominator) == (USES * 3600.0, BOOTHS * 20 * 8.75 * 3600)
    assert (round(use.value or 0), use.coverage) == (14, 1.0)
