"""The schedule of a programme as bars over fiscal years, and how many initiatives are in which status.

Responsible for this arithmetic. Refuses to draw.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from shigotoba_backend.plans.cards import STATUSES, Card, Stage, Status


class Bar(msgspec.Struct, frozen=True):
    """A stage of an initiative within the years shown.

    Attributes:
        code: Of the initiative.
        name: Of the stage.
        first_year: Within the years shown.
        last_year: Likewise.
        began_before: Whether it began before them.
        goes_on: Whether it goes on after them.
    """

    code: str
    name: str
    first_year: int
    last_year: int
    began_before: bool
    goes_on: bool


def years_of(cards: Sequence[Card]) -> range:
    """The fiscal years from the first beginning to the last end that any card names."""
    stages = [stage for card in cards for stage in stages_of(card)]
    named = [stage.first_year for stage in stages] + [
        stage.last_year for stage in stages if stage.last_year is not None
    ]
    return range(min(named), max(named) + 1) if named else range(0)


def bars(cards: Sequence[Card], years: range) -> list[Bar]:
    """What of the cards' stages falls into ``years``, in the order of the cards."""
    return [
        Bar(
            card.code,
            stage.name,
            max(stage.first_year, years.start),
            min(_end(stage, years), years.stop - 1),
            began_before=stage.first_year < years.start,
            goes_on=stage.last_year is None or stage.last_year >= years.stop,
        )
        for card in cards
        for stage in stages_of(card)
        if stage.first_year < years.stop and _end(stage, years) >= years.start
    ]


def stages_of(card: Card) -> Sequence[Stage]:
    """Its stages; of a card without any, its period as one."""
    return card.stages or [Stage(card.title, card.first_year, card.last_year)]


def status_counts(cards: Sequence[Card]) -> dict[Status, int]:
    """How many are in each of the six classes, zeros included."""
    found = Counter(card.status for card in cards)
    return {status: found[status] for status in STATUSES}


def _end(stage: Stage, years: range) -> int:
    return years.stop if stage.last_year is None else stage.last_year
