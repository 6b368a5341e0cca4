"""What people said on their phones: ratings of booths after use, and the yearly survey.

Periods with fewer than five answers are not in the view that is read, and only whole sites are told of, so that nothing
can be subtracted. Responsible for these amounts. Refuses single answers (see ``phone``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import psycopg

from shigotoba_backend.indicators.model import Amount
from shigotoba_backend.indicators.places import Place
from shigotoba_backend.indicators.telemetry.inquiry import Inquiry, Series, place_by_place
from shigotoba_backend.indicators.telemetry.stretches import Stretch, missing
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("answers.sql", package="shigotoba_backend.indicators.telemetry")

A_MONTH: Final = 1
A_YEAR: Final = 12


def content(question: str, months: int) -> Series:
    """Answers of 4 and 5 of all to ``question``, each of which stands for so many months."""

    def series(inquiry: Inquiry, place: Place) -> list[Amount]:
        rows = inquiry.rows(answered, place, question)
        return [_amount(stretch, months, *row) for stretch, row in zip(inquiry.stretches, rows, strict=True)]

    return series


@place_by_place
def answered(
    conn: psycopg.Connection, place: Place, stretches: Sequence[Stretch], _now: datetime, question: str
) -> list[tuple[float | None, float | None]]:
    """Answers of 4 and 5, and all, in each stretch."""
    told = {"sites": place.sites, "question": question, "firsts": [stretch.first for stretch in stretches]}
    return [(happy, votes) for happy, votes in conn.execute(_QUERIES["content"], told)]


def _amount(stretch: Stretch, months: int, happy: float | None, votes: float | None) -> Amount:
    if votes is None:
        return missing(stretch)
    return Amount(first=stretch.first, months=months, numerator=happy, denominator=votes)
