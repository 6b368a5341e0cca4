"""Home: what is mine at this moment, and what is free at this moment, one tap from being booked."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from shigotoba_backend.bookings.finding import end_of, free_now
from shigotoba_backend.bookings.making import walk_in
from shigotoba_backend.bookings.values import Book, WalkIn
from shigotoba_backend.phone.dates import clock_of, day_of, instant_of
from shigotoba_backend.phone.here import Visit, floor_names
from shigotoba_backend.phone.mine import buttons, mine_now
from shigotoba_backend.phone.rendering import page, seen
from shigotoba_backend.phone.taking import (
    CODE,
    KEY,
    LENGTHS_MIN,
    USUAL_MIN,
    WORDS,
    Code,
    Instant,
    Key,
    Minutes,
    People,
    instant,
    take,
)
from shigotoba_backend.phone.told import told

router = APIRouter()

Length = Annotated[int, Query(ge=5, le=480)]


class Choice(BaseModel):
    """The form on a booth's page."""

    booth: str = Field(pattern=CODE)
    day: str
    start: str
    length: int = Field(ge=1, le=24 * 60)
    key: str = Field(pattern=KEY)
    purpose: str = Field(default="", max_length=200, pattern=WORDS)
    owner: int = Field(default=0, ge=0, le=2**31 - 1)
    people: int = Field(default=1, ge=1, le=100)


@router.get("/")
def home(here: Visit, length: Length = USUAL_MIN) -> Response:
    """The first page."""
    found = free_now(here.conn, here.site.code, length, here.now, here.person.person_id)
    return page(
        here,
        "home.html",
        found=found,
        length=length,
        lengths=LENGTHS_MIN[:4],
        floor_names=floor_names(here),
        current=mine_now(here),
        notices=told(here),
        deeds_of=partial(buttons, here),
    )


@router.post("/s/{site}/book")
def book(here: Visit, booth: Code, start: Instant, length: Minutes, key: Key, people: People = 1) -> Response:
    """Books a booth and shows the booking."""
    begins = instant(start, here)
    wish = Book(here.site.code, booth, begins, end_of(begins, length), guests=people - 1)
    booking = take(here, wish, key)
    return seen(f"/bookings/{booking.booking_id}?new=1")


@router.post("/s/{site}/choose")
def choose(here: Visit, choice: Annotated[Choice, Form()]) -> Response:
    """Books a booth at a chosen time, perhaps for somebody else."""
    begins = instant_of(day_of(choice.day), clock_of(choice.start), here.shown.zone)
    until = end_of(begins, choice.length)
    for_whom, guests = choice.owner or None, choice.people - 1
    wish = Book(here.site.code, choice.booth, begins, until, for_whom, choice.purpose or None, guests)
    booking = take(here, wish, choice.key)
    return seen(f"/bookings/{booking.booking_id}?new=1")


@router.post("/s/{site}/enter")
def enter(here: Visit, booth: Code, length: Minutes) -> Response:
    """Takes a booth from this moment on."""
    wish = WalkIn(here.site.code, booth, length)
    booking = walk_in(here.conn, here.asker, wish, here.now)
    return seen(f"/bookings/{booking.booking_id}?new=1")
