"""Days and times as forms send them.

Responsible for reading them. Refuses to know what for.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Form

from shigotoba_backend.api.problems import ProblemError

Day = Annotated[str, Form(max_length=10)]
Clock = Annotated[str, Form(max_length=8)]


def day_of(text: str) -> date:
    """A day such as ``2026-11-20``."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ProblemError(422, "no_day", {"text": text}) from error


def clock_of(text: str) -> time:
    """A time of day such as ``09:30``, to the minute."""
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise ProblemError(422, "no_time", {"text": text}) from error


def instant_of(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """An instant of the site's clock."""
    return datetime.combine(day, clock, zone)


def next_quarter(at: datetime) -> datetime:
    """The next full quarter of an hour."""
    over = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at if not over else at - over + timedelta(minutes=15)
