"""The display at a booth's door: whether one may go in, in letters that can be read from the corridor.

The address holds a secret of the booth and needs no sign-in; it shows no name. Responsible for the page and its
events. Refuses anything that could change a booking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import psycopg
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from shigotoba_backend.accounts import links
from shigotoba_backend.api.asking import Db, Now, services_of
from shigotoba_backend.api.changes import told
from shigotoba_backend.api.languages import texts_for
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.bookings.now import booths_now
from shigotoba_backend.phone.formats import Shown
from shigotoba_backend.phone.rendering import open_page
from shigotoba_backend.store.sql import load

router = APIRouter()

_QUERIES: Final = load("door.sql", package="shigotoba_backend.phone")


@dataclass(frozen=True, slots=True)
class Door:
    """The booth a link is for.

    Attributes:
        site_id: Its site's number.
        site: Its site's code.
        booth: Its code.
        time_zone: Of the site.
    """

    site_id: int
    site: str
    booth: str
    time_zone: str


def _door(secret: str, conn: Db) -> Door:
    space_id = links.find(conn, "door", secret)
    row = conn.execute(_QUERIES["door"], {"space_id": space_id}).fetchone() if space_id else None
    if row is None:
        raise ProblemError(404, "not_found")
    return Door(*row)


Found = Annotated[Door, Depends(_door)]


@router.get("/door/{secret}")
def display(request: Request, secret: str, door: Found, conn: Db, now: Now) -> Response:
    """The page; it reads itself again when something changes, and says so when it cannot."""
    booth = next(each for each in booths_now(conn, door.site, now) if each.booth == door.booth)
    shown = Shown(texts_for(request), ZoneInfo(door.time_zone), now)
    return open_page(request, "door.html", booth=booth, show=shown, secret=secret)


@router.get("/door/{secret}/events")
def events(request: Request, door: Found) -> Response:
    """Server-sent events without content."""
    return told(services_of(request).changes, f"{door.site_id} {door.booth}")


def door_link(conn: psycopg.Connection, site: str, booth: str, now: datetime) -> str | None:
    """A new secret for a booth's display, which replaces the former one; None if there is no such booth."""
    row = conn.execute(_QUERIES["space_id"], {"site": site, "booth": booth}).fetchone()
    return links.make(conn, "door", row[0], now) if row else None
