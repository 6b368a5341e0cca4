"""What the engine takes and returns.

Responsible for the shapes. Refuses to read or write them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

State = Literal["offered", "held", "checked_in", "ended", "released", "cancelled"]
Means = Literal["phone", "qr", "button", "presence"]
Source = Literal["phone", "qr", "button", "gateway", "series", "offer"]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks.

    Attributes:
        person_id: The person.
        manages: Codes of sites where the person may act on anybody's bookings.
    """

    person_id: int
    manages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking as it stands at the moment it was asked for: one that has lapsed is released, settled or not.

    Attributes:
        booking_id: Its name for ever.
        space_id: The booth.
        site: Code of the site.
        booth: Code of the booth.
        booth_name: For people.
        floor: Code of the floor.
        start: From when it keeps the booth, UTC.
        end: Until when; the instant itself is free.
        state: How it stands.
        owner_id: Whose it is; None for a walk-in at a button.
        booker_id: Who made it.
        source: Where it was made.
        purpose: What for, if said.
        guests: How many come along.
        made_at: When it was made.
        check_in_from: From when it can be checked in to.
        lapses_at: When it is released if nobody checks in; of an offer, until when it can be taken.
        checked_in_at: When somebody came.
        checked_in_by: How that was known.
        ended_at: When it was ended or cancelled.
        approval: Whether somebody has to agree, or has agreed.
        asked_at: Since when the question is open whether the person is still there.
        walk_in: It began without a booking.
        series_id: The series it belongs to.
        replaces: The booking it stands for, after a closure.
        version: Rises with each change.
    """

    booking_id: UUID
    space_id: int
    site: str
    booth: str
    booth_name: str
    floor: str
    start: datetime
    end: datetime
    state: State
    owner_id: int | None
    booker_id: int | None
    source: Source
    purpose: str | None
    guests: int
    made_at: datetime
    check_in_from: datetime
    lapses_at: datetime
    checked_in_at: datetime | None
    checked_in_by: Means | None
    ended_at: datetime | None
    approval: Literal["waiting", "granted"] | None
    asked_at: datetime | None
    walk_in: bool
    series_id: UUID | None
    replaces: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class Book:
    """A booth wanted for a span of time.

    Attributes:
        site: Code of the site.
        booth: Code of the booth.
        start: From when.
        end: Until when.
        owner_id: For whom; None for who asks.
        purpose: What for.
        guests: How many come along.
        source: Where it was asked.
        series_id: The series it belongs to.
    """

    site: str
    booth: str
    start: datetime
    end: datetime
    owner_id: int | None = None
    purpose: str | None = None
    guests: int = 0
    source: Source = "phone"
    series_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class WalkIn:
    """A booth wanted from this moment.

    Attributes:
        site: Code of the site.
        booth: Code of the booth.
        minutes: How long; None for the default.
        source: Where it was asked.
    """

    site: str
    booth: str
    minutes: int | None = None
    source: Source = "phone"


@dataclass(frozen=True, slots=True)
class Move:
    """A booking wanted elsewhere or at another time; None keeps what there is.

    Attributes:
        booking_id: Which.
        booth: Code of a booth of the same site.
        start: From when.
        end: Until when.
        version: The one that was seen; None to change whatever there is.
    """

    booking_id: UUID
    booth: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    version: int | None = None
