"""Bookings as calendars (iCalendar, RFC 5545) that other programs subscribe to.

Responsible for the text of a feed. Refuses to say in a booth's calendar whose a booking is.
"""

# icalendar's values carry no type information.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event

from shigotoba_backend.bookings.values import Booking
from shigotoba_backend.texts import Texts, message

BOOKED: Final = message("Booked")
BOOTH: Final = message("Booth {name}")
WAITS: Final = message("Waits for approval")
OFFER: Final = message("Offer: take it before it lapses")

_REMIND_BEFORE: Final = timedelta(minutes=10)


def person_calendar(bookings: Iterable[Booking], texts: Texts, now: datetime) -> bytes:
    """Somebody's own bookings, with a reminder each."""
    calendar = _calendar("Shigotoba")
    for booking in bookings:
        event = _event(booking, texts.say(BOOTH, name=booking.booth_name), now)
        event.add("location", f"{booking.floor} {booking.booth_name}")
        remark = _remark(booking, texts)
        if remark:
            event.add("description", remark)
        event.add_component(_alarm(texts.say(BOOTH, name=booking.booth_name)))
        calendar.add_component(event)
    return calendar.to_ical()


def booth_calendar(bookings: Iterable[Booking], name: str, texts: Texts, now: datetime) -> bytes:
    """When a booth is booked, and nothing else."""
    calendar = _calendar(name)
    for booking in bookings:
        calendar.add_component(_event(booking, texts.say(BOOKED), now))
    return calendar.to_ical()


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Shigotoba//bookings//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    return calendar


def _event(booking: Booking, summary: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{booking.booking_id}@shigotoba")
    event.add("dtstamp", now)
    event.add("dtstart", booking.start)
    event.add("dtend", booking.end)
    event.add("sequence", booking.version)
    event.add("summary", summary)
    sure = booking.state != "offered" and booking.approval != "waiting"
    event.add("status", "CONFIRMED" if sure else "TENTATIVE")
    return event


def _remark(booking: Booking, texts: Texts) -> str:
    if booking.state == "offered":
        return texts.say(OFFER)
    return texts.say(WAITS) if booking.approval == "waiting" else booking.purpose or ""


def _alarm(text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", -_REMIND_BEFORE)
    return alarm
