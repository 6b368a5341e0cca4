"""What is asked about an initiative's effect, and what the answer says.

Responsible for these shapes. Refuses to compute.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec

Verdict = Literal["fell", "rose", "no_clear_change", "cannot_tell"]
Method = Literal["before_and_after", "against_comparison", "none"]
Caution = Literal[
    "no_comparison",
    "too_few_before",
    "too_few_after",
    "season_not_separated",
    "trend_not_separated",
    "drifting_apart_before",
    "months_missing",
    "measured_too_little",
    "printers_changed",
    "holidays_not_separated",
    "estimates_within",
    "others_at_the_same_time",
    "not_varying",
]


class Observation(msgspec.Struct, frozen=True):
    """A month of an indicator.

    Attributes:
        first: Its first day.
        value: None for not known.
        estimate: 推計.
        little: Something is known, but too little to be compared (see ``measured``).
    """

    first: date
    value: float | None
    estimate: bool = False
    little: bool = False


class Question(msgspec.Struct, frozen=True):
    """What happened to an indicator when an initiative took effect.

    Attributes:
        effective_from: The day it took effect.
        treated: The indicator where it did, month by month.
        comparisons: The same where nothing changed, by scope; empty where there is no such place.
        open_days: Days the site was open, by month, for amounts that grow with them; None for rates and means, and
            where no opening hours are known.
        amount: Whether it grows with the days the site is open.
        others: Titles of other initiatives on the same places and indicator that took effect in the same months.
        printers_changed: Whether more printers were measured in some of the months than in others.
    """

    effective_from: date
    treated: tuple[Observation, ...]
    comparisons: Mapping[str, tuple[Observation, ...]]
    open_days: Mapping[date, int] | None = None
    amount: bool = False
    others: tuple[str, ...] = ()
    printers_changed: bool = False


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """The answer.

    Attributes:
        verdict: What can be said at 95 %.
        method: How it was found.
        estimate: The change; of an amount, per open day. None where nothing can be told.
        low: Lower end of the 95 % interval.
        high: Upper end.
        per_cent: The change in per cent of the level before; None where that level is zero.
        before: The level before, seasons taken out as far as they could be.
        months_before: Months that were used.
        months_after: Likewise; the month in which it took effect counts with its share.
        per_open_day: Whether the values are per open day.
        persistence: How much of a month's deviation stays in the next, 0 to 1.
        season: Whether the seasons were separated.
        trend: Whether a steady trend was separated.
        cautions: What it does not show.
        others: See ``Question``.
    """

    verdict: Verdict
    method: Method
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    per_cent: float | None = None
    before: float | None = None
    months_before: int = 0
    months_after: int = 0
    per_open_day: bool = False
    persistence: float = 0.0
    season: bool = False
    trend: bool = False
    cautions: tuple[Caution, ...] = ()
    others: tuple[str, ...] = ()
