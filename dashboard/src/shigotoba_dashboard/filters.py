"""What an address asks a page for: site, floor, period, language.

An address can be sent to a colleague, typed and mistyped: what it cannot mean is replaced by what it most likely means,
and said on the page with the value and the choices. Responsible for reading addresses and making them. Refuses to
know pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.read.now import FloorInfo, SiteInfo
from shigotoba_dashboard.formats import name_of
from shigotoba_dashboard.paths import BASE_PATH
from shigotoba_dashboard.periods import LONGEST_DAYS, Period, PeriodError, last_weeks, read_period, read_span
from shigotoba_dashboard.visitors import EVERYBODY, Visitor
from shigotoba_dashboard.words import FIRST_LANGUAGE, Language, Words, language_of, message, words_in

#: An address longer than this is nobody's.
_LONGEST_VALUE: Final = 64
_PERIOD_PROBLEMS: Final = {
    "unreadable": message("“{asked}” is not a period. Write days as 2026-11-20, 2026/11/20 or 令和8年11月20日."),
    "backwards": message("The period “{asked}” ends before it begins."),
    "too_long": message("The period “{asked}” is longer than {days} days. Choose a shorter one."),
}


@dataclass(frozen=True)
class Places:
    """What can be asked for.

    Attributes:
        site: The site that is shown.
        sites: Every site that may be chosen.
        floors: Of the site, lowest first.
    """

    site: SiteInfo
    sites: tuple[SiteInfo, ...]
    floors: tuple[FloorInfo, ...]


@dataclass(frozen=True)
class Filters:
    """What a page shows.

    Attributes:
        places: What could be chosen.
        floor: Code of one floor; None for all.
        period: The days.
        at: The present, aware.
        language: Of the page.
        more: What else a page was asked, by name.
        problems: What in the address could not be meant, said in the page's language.
        visitor: Who looks.
    """

    places: Places
    floor: str | None
    period: Period
    at: datetime
    language: Language
    more: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    visitor: Visitor = EVERYBODY

    @property
    def site(self) -> str:
        """The site's code."""
        return self.places.site.code

    @property
    def zone(self) -> ZoneInfo:
        """The zone its days are counted in."""
        return ZoneInfo(self.places.site.time_zone)

    @property
    def today(self) -> date:
        """Today's date in the site's zone."""
        return self.at.astimezone(self.zone).date()

    @property
    def words(self) -> Words:
        """The page's language."""
        return words_in(self.language)

    @property
    def elapsed(self) -> Period:
        """The part of the period that has come."""
        return self.period.until(self.today)

    def may(self, action: Action) -> bool:
        """Whether who looks may do it at this site."""
        return self.visitor.may(action, self.site)

    @property
    def may_take_datasets(self) -> bool:
        """Whether who looks may take whole datasets home, which tell every printer apart."""
        return self.may(Action.EXPORT_FIGURES) and self.may(Action.SEE_SECTIONS)

    @property
    def may_see_single_seats(self) -> bool:
        """Whether who looks may see how one seat was used day by day: whoever sits there may be known."""
        return self.may(Action.SEE_SECTIONS)

    def get(self, name: str) -> str | None:
        """What else was asked under ``name``."""
        return dict(self.more).get(name)

    def floor_name(self) -> str | None:
        """The chosen floor as people call it."""
        return next((name_of(floor, self.words) for floor in self.places.floors if floor.code == self.floor), None)

    def query(self) -> str:
        """What comes after the question mark, without what goes without saying."""
        asked = {
            "site": self.site if len(self.places.sites) > 1 else None,
            "floor": self.floor,
            "period": None if self.period.kind == "weeks" else str(self.period),
            "lang": None if self.language == FIRST_LANGUAGE else self.language,
            **dict(self.more),
        }
        return urlencode({name: value for name, value in asked.items() if value is not None})

    def address(self, page: str, **changes: str | None) -> str:
        """The address of ``page`` with these filters; ``changes`` are what else it is asked, None takes away."""
        more = {**dict(self.more), **changes}
        kept = tuple((name, value) for name, value in more.items() if value is not None)
        query = replace(self, more=kept).query()
        return f"{BASE_PATH}{page}{'?' if query else ''}{query}"


def asked_in(search: str | None) -> dict[str, str]:
    """The names and values after the question mark; the first of each name counts."""
    pairs = parse_qsl((search or "").removeprefix("?"), max_num_fields=20)
    return {name: value[:_LONGEST_VALUE] for name, value in reversed(pairs)}


def read_filters(
    asked: Mapping[str, str], places: Places, at: datetime, more: frozenset[str], with_today: bool = False
) -> Filters:
    """The filters that an address asks for.

    Args:
        asked: Names and values of the address.
        places: What can be chosen; its site has been chosen already.
        at: The present.
        more: Names of what else the page understands.
        with_today: Whether the last weeks are those that end today.
    """
    language = language_of(asked.get("lang"))
    words = words_in(language)
    today = at.astimezone(ZoneInfo(places.site.time_zone)).date()
    floor, floor_problem = _floor(asked.get("floor") or None, places, words)
    period, period_problem = _period(asked, today, words, with_today)
    problems = (_site_problem(asked.get("site"), places, words), floor_problem, period_problem)
    kept = tuple(sorted((name, value) for name, value in asked.items() if name in more and value))
    return Filters(places, floor, period, at, language, kept, tuple(filter(None, problems)))


def _site_problem(asked: str | None, places: Places, words: Words) -> str:
    if not asked or asked == places.site.code:
        return ""
    return words.say(
        "There is no site “{asked}” for you. Shown is {site}.", asked=asked, site=name_of(places.site, words)
    )


def _floor(asked: str | None, places: Places, words: Words) -> tuple[str | None, str]:
    codes = [floor.code for floor in places.floors]
    if asked is None or asked in codes:
        return asked, ""
    return None, words.say(
        "There is no floor “{asked}”; all floors are shown. There are: {floors}.",
        asked=asked,
        floors=words.say(", ").join(codes),
    )


def _period(asked: Mapping[str, str], today: date, words: Words, with_today: bool) -> tuple[Period, str]:
    first, last, named = asked.get("from", ""), asked.get("to", ""), asked.get("period", "")
    try:
        if first or last:
            return read_span(first, last), ""
        return (read_period(named, today, with_today) if named else last_weeks(today, with_today)), ""
    except PeriodError as error:
        text = _PERIOD_PROBLEMS[error.args[0]]
        return last_weeks(today, with_today), words.say(text, asked=named or f"{first}–{last}", days=LONGEST_DAYS)
