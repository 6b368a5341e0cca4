"""The same booth every week: what would be left out is shown before anything is booked."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import sentence
from shigotoba_backend.bookings.now import booths_now
from shigotoba_backend.bookings.series import Series, SeriesDay, book_series, cancel_series, plan_series
from shigotoba_backend.phone.dates import clock_of, day_of
from shigotoba_backend.phone.here import Here, Visit, floor_names
from shigotoba_backend.phone.rendering import page, seen
from shigotoba_backend.phone.taking import CODE

router = APIRouter()


@router.get("/series")
def ask(here: Visit, booth: Annotated[str, Query(max_length=64)] = "") -> Response:
    """The form."""
    return _form(here, booth)


class Wish(BaseModel):
    """The form; ``step`` says whether the days have been seen."""

    booth: str = Field(pattern=CODE)
    first: str
    last: str
    begins: str
    ends: str
    weekday: list[int]
    step: Literal["plan", "book"] = "plan"


@router.post("/s/{site}/series")
def plan(here: Visit, wish: Annotated[Wish, Form()]) -> Response:
    """Shows each day and what would be left out; then books."""
    wanted = Series(
        here.site.code,
        wish.booth,
        _weekdays(wish.weekday),
        day_of(wish.first),
        day_of(wish.last),
        clock_of(wish.begins),
        clock_of(wish.ends),
    )
    if wish.step == "book":
        book_series(here.conn, here.asker, wanted, here.now)
        return seen("/bookings")
    days = plan_series(here.conn, here.asker, wanted, here.now)
    return page(here, "series_plan.html", wanted=wanted, days=days, why=partial(_why, here))


@router.post("/series/{series_id}/cancel")
def cancel(here: Visit, series_id: UUID) -> Response:
    """Cancels what is left of a series."""
    cancel_series(here.conn, here.asker, series_id, here.now)
    return seen("/bookings")


def _why(here: Here, day: SeriesDay) -> str:
    return sentence(here.shown.texts, day.skipped or "", day.facts)


def _weekdays(numbers: list[int]) -> tuple[int, ...]:
    if not numbers or not set(numbers) <= set(range(1, 8)):
        raise ProblemError(422, "not_understood")
    return tuple(sorted(set(numbers)))


def _form(here: Here, booth: str) -> Response:
    today = here.shown.today
    return page(
        here,
        "series.html",
        booths=booths_now(here.conn, here.site.code, here.now),
        chosen=booth,
        first=today + timedelta(days=1),
        last=today + timedelta(days=28),
        floor_names=floor_names(here),
    )
