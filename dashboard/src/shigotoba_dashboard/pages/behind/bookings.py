"""What stands behind the figures of booths: how many bookings each had, and of one booth each booking and each use.

Responsible for these rows. Refuses whose they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from shigotoba_backend.read.booths import Booked, BookedBooth, BoothSession
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.formats import clock, full_day
from shigotoba_dashboard.records import Field, Records, amount, number, text
from shigotoba_dashboard.words import Words, message

_BECAME: Final = {
    "offered": message("Offered to who waits"),
    "held": message("Booked"),
    "checked_in": message("In use"),
    "ended": message("Used"),
    "released": message("Given back"),
    "cancelled": message("Cancelled"),
}


_BEGAN: Final = {
    "booking": message("With a booking"),
    "button": message("Without a booking: button or phone"),
    "presence": message("Presence alone"),
}


def by_booth(booths: Sequence[BookedBooth], filters: Filters) -> Records:
    """One row per booth, leading to its bookings."""
    words = filters.words
    fields = (
        text("name", words.say("Name")),
        text("space", words.say("Code")),
        number("bookings", words.say("Bookings (number)"), "bookings"),
        amount("booked", words.say("Booked (h)"), "h"),
        number("used", words.say("Used (bookings)"), "bookings"),
        number("no_shows", words.say("Nobody came (bookings)"), "bookings"),
        number("late_cancels", words.say("Cancelled late (bookings)"), "bookings"),
        amount("recovered", words.say("Recovered (h)"), "h"),
    )
    rows = tuple(
        (
            each.name,
            each.space,
            each.bookings,
            _hours(each.booked_s),
            each.used,
            each.no_shows,
            each.late_cancels,
            _hours(each.recovered_s),
        )
        for each in booths
    )
    links = tuple(f"{filters.address('space', space=each.space)}#bookings" for each in booths)
    return Records("bookings-by-booth", words.say("Bookings booth by booth"), fields, rows, links)


def of_booth(bookings: Sequence[Booked], filters: Filters) -> Records:
    """One row per booking of one booth, the newest first."""
    words = filters.words
    fields = (
        *_from_until(filters),
        text("became", words.say("What became of it")),
        number("used", words.say("In use (min)"), "min"),
        number("recovered", words.say("Recovered (min)"), "min"),
    )
    rows = tuple(
        (
            each.start.astimezone(filters.zone),
            each.end.astimezone(filters.zone),
            _became(each, words),
            None if each.used_s is None else round(each.used_s / 60),
            round(each.recovered_s / 60),
        )
        for each in bookings
    )
    return Records("bookings", words.say("Bookings that began in the period"), fields, rows)


def uses_of_booth(sessions: Sequence[BoothSession], filters: Filters) -> Records:
    """One row per use of one booth, the newest first."""
    words = filters.words
    fields = (
        *_from_until(filters),
        number("used", words.say("In use (min)"), "min"),
        text("began", words.say("How it began")),
    )
    rows = tuple(
        (
            each.start.astimezone(filters.zone),
            each.end.astimezone(filters.zone),
            round((each.end - each.start).total_seconds() / 60),
            words.say(_BEGAN[each.source]),
        )
        for each in reversed(sessions)
    )
    return Records("uses", words.say("Uses in the period"), fields, rows)


def _from_until(filters: Filters) -> tuple[Field, Field]:
    words, zone = filters.words, filters.zone

    def day_and_clock(at: datetime) -> str:
        return f"{full_day(at.date(), words)} {clock(at, zone)}"

    return (
        Field("start", words.say("From"), "", day_and_clock),
        Field("end", words.say("Until"), "", lambda at: clock(at, zone)),
    )


def _became(booking: Booked, words: Words) -> str:
    if booking.walk_in:
        return words.say("Walk-in")
    if booking.no_show:
        return words.say("Nobody came")
    return words.say("Cancelled late") if booking.late_cancel else words.say(_BECAME[booking.state])


def _hours(span_s: float) -> float:
    return round(span_s / 3600, 2)
