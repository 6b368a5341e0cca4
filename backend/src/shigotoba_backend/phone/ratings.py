"""How a booth was, in one tap, and the yearly survey of the office: counted, never kept.

Responsible for counting each person's voice once. Refuses to know whose a vote was afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal
from zoneinfo import ZoneInfo

import psycopg

from shigotoba_backend.bookings.values import Booking
from shigotoba_backend.store.sql import load
from shigotoba_backend.texts import message

_QUERIES: Final = load("ratings.sql", package="shigotoba_backend.phone")

Question = Literal["satisfied", "environment", "communication"]

QUESTIONS: Final[Mapping[Question, str]] = {
    "satisfied": message("All in all I am satisfied with this office."),
    "environment": message("My working environment has become better."),
    "communication": message("Communication has become faster."),
}
SCORES: Final[Mapping[int, str]] = {
    5: message("Agree"),
    4: message("Rather agree"),
    3: message("Neither"),
    2: message("Rather disagree"),
    1: message("Disagree"),
}


def may_rate(conn: psycopg.Connection, booking: Booking, person_id: int) -> bool:
    """Whether the person has used the booth and not yet said how it was."""
    used = booking.state == "ended" and booking.checked_in_at is not None and booking.owner_id == person_id
    return used and conn.execute(_QUERIES["is_rated"], {"booking_id": booking.booking_id}).fetchone() is None


def rate(conn: psycopg.Connection, booking: Booking, score: int, zone: ZoneInfo) -> None:
    """Counts a vote; a second one for the same booking changes nothing."""
    month = booking.start.astimezone(zone).date().replace(day=1)
    fields = {"booking_id": booking.booking_id, "space_id": booking.space_id, "month": month, "score": score}
    with conn.transaction():
        if conn.execute(_QUERIES["note_rated"], fields).rowcount:
            conn.execute(_QUERIES["count_rating"], fields)


def open_survey(conn: psycopg.Connection, site: str, today: date, person_id: int) -> int | None:
    """The survey that a person can answer today, if there is one."""
    row = conn.execute(_QUERIES["open_survey"], {"site": site, "today": today, "person_id": person_id}).fetchone()
    survey_id: int | None = row[0] if row else None
    return survey_id


def answer(conn: psycopg.Connection, survey_id: int, person_id: int, scores: Mapping[Question, int]) -> bool:
    """Counts the answers; False if the person has answered before."""
    with conn.transaction():
        fields: dict[str, object] = {"survey_id": survey_id, "person_id": person_id}
        if not conn.execute(_QUERIES["note_answered"], fields).rowcount:
            return False
        for question, score in scores.items():
            conn.execute(_QUERIES["count_answer"], {"survey_id": survey_id, "question": question, "score": score})
    return True


def hold_survey(conn: psycopg.Connection, site: str, fiscal_year: int, first: date, beyond: date) -> None:
    """Opens the survey of a year, or changes its days."""
    fields = {"site": site, "fiscal_year": fiscal_year, "first": first, "beyond": beyond}
    conn.execute(_QUERIES["hold_survey"], fields)
