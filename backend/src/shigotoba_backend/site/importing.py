"""A site file into the database: what is new is added, what differs is brought in line, no place is removed.

Importing the same file again changes nothing. A device in another space than before is moved: its old assignment ends
when the new one begins.

Responsible for sites, floors, zones, spaces, devices and assignments. Refuses to rewrite where a device has been.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
import psycopg

from shigotoba_backend.site.calendar import put_calendar
from shigotoba_backend.site.description import SiteFile, SiteFileError
from shigotoba_backend.site.staff import put_staff
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("site.sql", package="shigotoba_backend.site")


@dataclass(frozen=True)
class Imported:
    """What an import found and did.

    Attributes:
        site: Its code.
        floors: In the file.
        spaces: In the file.
        devices: In the file.
        assigned: Devices that the import put into a space they were not in before.
    """

    site: str
    floors: int
    spaces: int
    devices: int
    assigned: int


def import_site(conn: psycopg.Connection, described: SiteFile) -> Imported:
    """Brings the database in line with the file, in one transaction.

    Raises:
        SiteFileError: A device would be in two spaces at a time, or two entries of the calendar overlap.
    """
    with conn.transaction():
        site_id = _put_site(conn, described)
        in_site = {"site_id": site_id}
        with conn.cursor() as cursor:
            cursor.executemany(_QUERIES["put_floor"], [in_site | msgspec.structs.asdict(x) for x in described.floors])
            cursor.execute(_QUERIES["leave_zones"], in_site | _places(described))
            cursor.executemany(_QUERIES["put_zone"], [in_site | msgspec.structs.asdict(x) for x in described.zones])
            cursor.executemany(_QUERIES["put_space"], [in_site | msgspec.structs.asdict(x) for x in described.spaces])
            cursor.executemany(_QUERIES["put_device"], [in_site | msgspec.structs.asdict(x) for x in described.devices])
        assigned = _assign(conn, site_id, described)
        put_calendar(conn, site_id, described)
        put_staff(conn, site_id, described)
    return Imported(described.site.code, len(described.floors), len(described.spaces), len(described.devices), assigned)


def _put_site(conn: psycopg.Connection, described: SiteFile) -> int:
    row = conn.execute(_QUERIES["put_site"], msgspec.structs.asdict(described.site)).fetchone()
    if row is None:
        raise RuntimeError("an upsert returned no row")
    return int(row[0])


def _places(described: SiteFile) -> dict[str, object]:
    return {
        "spaces": [space.code for space in described.spaces],
        "floors": [space.floor for space in described.spaces],
        "zones": [space.zone for space in described.spaces],
    }


def _assign(conn: psycopg.Connection, site_id: int, described: SiteFile) -> int:
    columns = {
        "site_id": site_id,
        "devices": [device.code for device in described.devices],
        "spaces": [device.space for device in described.devices],
        "assigned_from": described.assigned_from,
    }
    later = [row[0] for row in conn.execute(_QUERIES["moved_since"], columns)]
    if later:
        raise SiteFileError(
            f"assigned_from {described.assigned_from.isoformat()} is not after the present assignment of "
            f"{', '.join(later)} to another space. Give the time of the move."
        )
    conn.execute(_QUERIES["end_assignments"], columns)
    return conn.execute(_QUERIES["begin_assignments"], columns).rowcount
