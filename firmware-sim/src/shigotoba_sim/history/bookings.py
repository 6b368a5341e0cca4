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


class PastChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was changed about a booking, and when; what is left out stayed."""

    at: datetime
    booth: str | None = None
    start: datetime | None = None
    end: datetime | None = None


class PastBooking(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line: who first booked which booth from when to when, what was changed, and what became of it."""

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
    waited_from: datetime | None = None
    changes: tuple[PastChange, ...] = ()


def past_bookings(plan: Plan) -> Iterator[bytes]:
    """The lines of everything that was booked before the building came to life, in order of its beginning."""
    inputs = plan.inputs
    for booking in plan.bookings(inputs.opened_ms, inputs.lively_ms):
        yield msgspec.json.encode(_line(inputs.roll, booking)) + b"\n"


def _line(roll: Roll, booking: Booking) -> PastBooking:
    first = booking.agreed[0]
    return PastBooking(
        login=login_of(roll, booking.person),
        booth=first.space,
        made_at=moment_of(booking.made_ms),
        start=moment_of(first.start_ms),
        end=moment_of(first.end_ms),
        came_at=_moment(booking.came_ms),
        came_by=booking.came_by,
        left_at=_moment(booking.left_ms),
        left_by=booking.left_by,
        cancelled_at=_moment(booking.cancelled_ms),
        waited_from=_moment(booking.waited_ms),
        changes=tuple(_changes(booking)),
    )


def _changes(booking: Booking) -> Iterator[PastChange]:
    for change, then in booking.changed:
        at = moment_of(change.at_ms)
        if change.did == "extend":
            yield PastChange(at, end=moment_of(then.end_ms))
        else:
            yield PastChange(at, then.space, moment_of(then.start_ms), moment_of(then.end_ms))


def _moment(at_ms: int | None) -> datetime | None:
    return None if at_ms is None else moment_of(at_ms)
