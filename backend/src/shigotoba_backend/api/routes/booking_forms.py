"""What the booking routes take: bodies, parameters and who acts.

Responsible for shapes and bounds, so that nothing reaches the engine that the database could not store. Refuses rules.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from shigotoba_backend.accounts.people import Person
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Access, Signed, allowed
from shigotoba_backend.bookings.refusals import refuse
from shigotoba_backend.bookings.values import Asker

_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


def _sane(when: datetime) -> datetime:
    if not _FIRST <= when.date() < _LAST:
        raise ValueError(f"must lie from {_FIRST} to {_LAST}")
    return when.astimezone(UTC)


def _sane_day(day: date) -> date:
    if not _FIRST <= day < _LAST:
        raise ValueError(f"must lie from {_FIRST} to {_LAST}")
    return day


Moment = Annotated[AwareDatetime, AfterValidator(_sane)]
Day = Annotated[date, AfterValidator(_sane_day)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Words = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]
PersonId = Annotated[int, Field(ge=1, le=2**31 - 1)]
BoothCode = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The booth's code")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[\x20-\x7e]+$",
        description="Of the caller's choosing; the same key again gives the same booking",
    ),
]  # fmt: skip
IfMatch = Annotated[
    str | None, Header(alias="If-Match", max_length=40, description="The ETag that was seen; another is refused, 412")
]
MayBook = Annotated[Access, Depends(allowed(Action.BOOK))]
MayClose = Annotated[Access, Depends(allowed(Action.CLOSE_PLACES))]
MayManage = Annotated[Access, Depends(allowed(Action.MANAGE_BOOKINGS))]


def asker_of(person: Person) -> Asker:
    """The person as the engine knows people."""
    return Asker(person.person_id, person.sites_with(Action.MANAGE_BOOKINGS))


def _acting(person: Signed) -> Asker:
    return asker_of(person)


Acting = Annotated[Asker, Depends(_acting)]


def version_in(if_match: str | None) -> int | None:
    """The version an ``If-Match`` names; None for any.

    Raises:
        BookingRefusedError: ``stale`` for a tag we never gave.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip().strip('"')
    if not (tag.isascii() and tag.isdigit() and len(tag) < 10):
        raise refuse("stale", version=None)
    return int(tag)


class WantedBooking(BaseModel):
    """A booth wanted for a span of time."""

    booth: Code
    start: Moment
    end: Moment
    owner_id: PersonId | None = Field(default=None, description="For whom; who asks, if left out")
    purpose: Words | None = None
    guests: Annotated[int, Field(ge=0, le=100)] = 0


class WantedWalkIn(BaseModel):
    """A booth wanted from now."""

    minutes: Annotated[int, Field(ge=1, le=1440)] | None = Field(default=None, description="The default, if left out")


class WantedMove(BaseModel):
    """What is to be different; what is left out stays."""

    booth: Code | None = None
    start: Moment | None = None
    end: Moment | None = None


class WantedEnd(BaseModel):
    """Until when instead; by the usual step, if left out."""

    until: Moment | None = None


class Until(BaseModel):
    """Until when instead."""

    until: Moment


class Decided(BaseModel):
    """Yes or no."""

    granted: bool


class Somebody(BaseModel):
    """A person by number."""

    person_id: PersonId


class WantedDays(BaseModel):
    """Days, both included."""

    first: Day
    last: Day


class WantedSeries(BaseModel):
    """The same booth at the same hour, week after week."""

    booth: Code
    weekdays: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1, max_length=7)]
    first: Day
    last: Day
    begins: time
    ends: time
    owner_id: PersonId | None = None
    purpose: Words | None = None


class WantedPlace(BaseModel):
    """What somebody waits for."""

    start: Moment
    end: Moment
    booth: Code | None = None
    floor: Code | None = None
    guests: Annotated[int, Field(ge=0, le=100)] = 0


class WantedClosure(BaseModel):
    """From when until when a booth is out of use; without an end until it is opened again."""

    start: Moment | None = Field(default=None, description="Now, if left out")
    end: Moment | None = None
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]


class Appeal(BaseModel):
    """Why a strike should not count."""

    words: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]+$")]


BookingId = UUID
OptionalCode = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
