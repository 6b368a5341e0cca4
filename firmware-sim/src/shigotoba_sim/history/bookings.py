"""The bookings of the past, one JSON line each, as ``python -m shigotoba_backend bookings take-over`` takes them.

Responsible for the lines. Refuses to send them: the product plays them through its own booking engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from shigotoba_sim.accounts import login_of
from shigotoba_sim.clock import moment_of
from shigotoba_sim.people.staff import Roll
from shigotoba_sim.plan.bookings import Booking, Means
from shigotoba_sim.plan.plan import Plan


class PastBooking(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line: who had which booth from when to when, and what became of it."""

    login: str
    booth: str
    made_at: datetime
    start: datetime
    end: datetime
    came_at: datetime | None = None
    came_by: Means = "phone"
    left_at: datetime | None = None
    left_by: Means = "phone"
    cancelled_at: datetime | None = None


def past_bookings(plan: Plan) -> Iterator[bytes]:
    """The lines of everything that was booked before the building came to life, in order of its beginning."""
    inputs = plan.inputs
    for booking in plan.bookings(inputs.opened_ms, inputs.lively_ms):
        yield msgspec.json.encode(_line(inputs.roll, booking)) + b"\n"


def _line(roll: Roll, booking: Booking) -> PastBooking:
    return PastBooking(
        login=login_of(roll, booking.person),
        booth=booking.space,
        made_at=moment_of(booking.made_ms),
        start=moment_of(booking.start_ms),
        end=moment_of(booking.end_ms),
        came_at=_moment(booking.came_ms),
        came_by=booking.came_by,
        left_at=_moment(booking.left_ms),
        left_by=booking.left_by,
        cancelled_at=_moment(booking.cancelled_ms),
    )


def _moment(at_ms: int | None) -> datetime | None:
    return None if at_ms is None else moment_of(at_ms)
