"""Waiting for a booth when none is free."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from shigotoba_backend.bookings.finding import Wanted
from shigotoba_backend.bookings.waiting import join, leave
from shigotoba_backend.phone.here import Visit
from shigotoba_backend.phone.rendering import seen
from shigotoba_backend.phone.taking import Instant, Minutes, People, Words, instant

router = APIRouter()


@router.post("/s/{site}/wait")
def wait(here: Visit, start: Instant, length: Minutes, floor: Words = "", people: People = 1) -> Response:
    """Queues; an offer comes as a notice and is kept for some minutes."""
    begins = instant(start, here)
    wanted = Wanted(here.site.code, begins, begins + timedelta(minutes=length), floor or None, None, people)
    join(here.conn, here.asker, wanted, None, here.now)
    return seen("/bookings#waiting")


@router.post("/waiting/{entry_id}/leave")
def stop(here: Visit, entry_id: UUID) -> Response:
    """Waits no longer."""
    leave(here.conn, here.asker, entry_id, here.now)
    return seen("/bookings#waiting")
