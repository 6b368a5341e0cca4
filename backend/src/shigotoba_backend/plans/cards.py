"""An initiative as a card, and a programme as a file of cards.

The card is that of a city's action plan: pillar, sections, period, outputs, outcomes, what was done each year and what
comes next; its status is one of six classes; its stages are bars over fiscal years.

Responsible for the shape, for what must hold within one card, and for reading a file. Refuses to store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, get_args

import msgspec

from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.texts import Texts, message

Status = Literal["done", "under_way", "partly_under_way", "planned", "under_study", "to_be_studied"]
Horizon = Literal["", "short", "long", "short_and_long", "always"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
STATUS_NAMES: Final[Mapping[Status, str]] = {
    "done": "実施済",
    "under_way": "実施中",
    "partly_under_way": "一部実施中",
    "planned": "今後実施",
    "under_study": "検討中",
    "to_be_studied": "今後検討",
}
"""As Tokyo counts its self-directed reforms."""


class CardError(ValueError):
    """A card contradicts itself.

    Attributes:
        sentence: How, and what to do, in English, with ``{names}`` for the values.
        values: What stands for the names.
    """

    def __init__(self, sentence: str, **values: str | int) -> None:
        super().__init__(sentence.format(**values))
        self.sentence = sentence
        self.values = values

    def said(self, texts: Texts) -> str:
        """The same in that language."""
        return texts.say(self.sentence, **self.values)


_BACKWARDS: Final = message("“{named}” runs from {first} to {last}. Give the earlier fiscal year first.")
_TWICE: Final = message("“{title}” says {twice} twice. Keep one of them.")


class PlanFileError(Exception):
    """A programme's file cannot be taken; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Year:
    """What was done in a fiscal year and what was to come next."""

    fiscal_year: int
    actuals: list[str] = field(default_factory=list)
    next_steps: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Stage:
    """A bar of the schedule, from one fiscal year to another, both included; without an end it goes on."""

    name: str
    first_year: int
    last_year: int | None = None


@dataclass(frozen=True)
class Card:
    """An initiative.

    Attributes:
        code: Its identity within the programme.
        title: What it is called.
        pillar: The pillar of the programme it belongs to.
        status: One of six classes.
        responsible: Sections that do it.
        related: Sections that take part.
        first_year: The first fiscal year of its period.
        last_year: The last one; None for no end.
        horizon: 短期, 中長期, both, or 常時; empty where the programme does not say.
        overview: What it is about.
        outputs: What will be there.
        outcomes: What it is good for.
        years: What was done and what comes next, by fiscal year.
        stages: The bars of its schedule.
        indicators: Keys of the indicators that show whether it works.
        effective_from: The day it took effect; None where it has not or has no single day.
        places: Scopes it took effect in, such as ``floor:honcho/5f``.
        compared_with: Scopes like them in which nothing changed.
    """

    code: str
    title: str
    pillar: str
    status: Status
    responsible: list[str]
    first_year: int
    last_year: int | None = None
    related: list[str] = field(default_factory=list)
    horizon: Horizon = ""
    overview: str = ""
    outputs: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    years: list[Year] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)
    effective_from: date | None = None
    places: list[str] = field(default_factory=list)
    compared_with: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Refuses a card that contradicts itself.

        Raises:
            CardError: A period ends before it begins, or a year or a place stands twice.
        """
        for named, first, last in [(self.title, self.first_year, self.last_year), *map(_bar, self.stages)]:
            if last is not None and last < first:
                raise CardError(_BACKWARDS, named=named, first=first, last=last)
        twice = _twice([year.fiscal_year for year in self.years]) or _twice(self.places + self.compared_with)
        if twice:
            raise CardError(_TWICE, title=self.title, twice=str(twice[0]))
        for scope in self.places + self.compared_with:
            Scope.parse(scope)


@dataclass(frozen=True)
class Programme:
    """A programme: its cards in the order of the plan.

    Attributes:
        code: Its identity within the organisation.
        name: What it is called.
        owner: Whose it is.
        source: The document.
        cards: The initiatives.
    """

    code: str
    name: str
    owner: str
    source: str
    cards: list[Card]

    def __post_init__(self) -> None:
        """Refuses two cards of one code.

        Raises:
            ValueError: There are.
        """
        if twice := _twice([card.code for card in self.cards]):
            raise ValueError(f"The code “{twice[0]}” stands twice. Give each initiative its own.")


def read_programmes(data: bytes, known_indicators: Iterable[str]) -> list[Programme]:
    """The programmes of a TOML or JSON file, under ``programmes``.

    Raises:
        PlanFileError: It is none, or a card names an indicator that is not known.
    """
    decode = msgspec.json.decode if data.lstrip()[:1] == b"{" else msgspec.toml.decode
    try:
        programmes = decode(data, type=dict[Literal["programmes"], list[Programme]])["programmes"]
    except (msgspec.MsgspecError, KeyError, ValueError) as error:
        raise PlanFileError(f"The file is not a list of programmes: {error}.") from error
    check_indicators((card for programme in programmes for card in programme.cards), known_indicators)
    return programmes


def check_indicators(cards: Iterable[Card], known_indicators: Iterable[str]) -> None:
    """Refuses a card that is linked to an indicator nobody has.

    Raises:
        PlanFileError: One is.
    """
    known = set(known_indicators)
    for card in cards:
        for key in card.indicators:
            if key not in known:
                raise PlanFileError(f"“{card.title}” is linked to the indicator “{key}”, which there is not.")


def _bar(stage: Stage) -> tuple[str, int, int | None]:
    return stage.name, stage.first_year, stage.last_year


def _twice(values: Iterable[object]) -> list[object]:
    return [value for value, times in Counter(values).items() if times > 1]
