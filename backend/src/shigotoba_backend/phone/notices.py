"""What people are told about their bookings, in words: on the first page, and pushed to their phones.

Responsible for the sentences. Refuses to decide who is told what (see ``bookings.notices``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import psycopg

from shigotoba_backend.bookings.notices import Notice
from shigotoba_backend.bookings.record import find
from shigotoba_backend.bookings.values import Booking
from shigotoba_backend.phone.formats import Shown
from shigotoba_backend.texts import Texts, message

_REST: Final = message("There is news about {booth}.")
SENTENCES: Final[Mapping[str, str]] = {
    "reminder": message("{booth} begins at {start}."),
    "release_soon": message("Check in to {booth} by {lapses_at}, or it becomes free."),
    "released": message("{booth} was released because nobody checked in."),
    "still_there": message("{booth}: are you still there?"),
    "displaced": message("{booth} is in use by somebody else. Please choose another booth."),
    "offered": message("{booth} has become free and is kept for you for a while."),
    "offer_expired": message("The offer of {booth} is over."),
    "moved_by_closure": message("Your booking was moved to {booth} because of a closure."),
    "cancelled_by_closure": message("{booth} is closed and your booking was cancelled."),
    "approval_wanted": message("Somebody asks for your agreement to a booking of {booth}."),
    "approved": message("Your booking of {booth} was agreed to."),
    "refused": message("Your booking of {booth} was not agreed to."),
    "delegated": message("A booking of {booth} was handed over to you."),
    "strike": message("A booking of {booth} was not used. It counts as a no-show."),
    "nobody_seen": message("{booth} is in use, but nobody is seen and nobody answers. Please have a look."),
    "appeal_decided": message("Your objection has been decided."),
}
"""Sentence by kind of notice."""


_DESK: Final = {"approval_wanted", "nobody_seen"}
_STRIKES: Final = {"strike", "appeal_decided"}


class Told(NamedTuple):
    """A notice for a person.

    Attributes:
        text: In words.
        path: The page where something can be done about it.
    """

    text: str
    path: str


def told_of(conn: psycopg.Connection, notice: Notice, texts: Texts, zone: ZoneInfo, now: datetime) -> Told:
    """A notice in words, and where it leads."""
    shown = Shown(texts, zone, now)
    booking = find(conn, notice.booking_id, now) if notice.booking_id else None
    values = {
        "booth": booking.booth_name if booking else "—",
        "start": shown.moment(booking.start) if booking else "—",
        "lapses_at": shown.moment(booking.lapses_at) if booking else "—",
    }
    return Told(texts.say(SENTENCES.get(notice.kind, _REST), **values), _path(notice, booking))


def _path(notice: Notice, booking: Booking | None) -> str:
    if notice.kind in _STRIKES:
        return "/strikes"
    if booking is None:
        return "/bookings"
    return f"/s/{booking.site}/desk" if notice.kind in _DESK else f"/bookings/{booking.booking_id}"
