"""Numbers, shares, spans and moments as people read them.

Responsible for the written form in the reader's language and the site's zone. Refuses to guess: what is not known,
and a share of nothing, is a dash, never a zero.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from shigotoba_dashboard.dates import era_of
from shigotoba_dashboard.words import Words

NOTHING: Final = "—"


class Named(Protocol):
    """A thing with a name in both languages."""

    @property
    def name(self) -> str:
        """In Japanese."""
        ...

    @property
    def name_en(self) -> str:
        """In English."""
        ...


def name_of(thing: Named, words: Words) -> str:
    """The thing's name in the reader's language."""
    return thing.name if words.language == "ja" else thing.name_en


def count(number: int | None) -> str:
    """``12,345``; a dash when it is not known."""
    return NOTHING if number is None else f"{number:,}"


def percent(share: float | None) -> str:
    """``14.3%`` for 0.143; a dash when it is not known."""
    return NOTHING if share is None else f"{share * 100:.1f}%"


def minutes(span_s: float) -> str:
    """Whole minutes, rounded, for tables whose column names the unit."""
    return f"{round(span_s / 60):,}"


def span(span_s: float, words: Words) -> str:
    """``2時間5分``; ``2時間`` and ``5分`` where the other part is zero."""
    hours, rest = divmod(round(span_s / 60), 60)
    if not hours:
        return words.say("{minutes} min", minutes=rest)
    if not rest:
        return words.say("{hours} h", hours=count(hours))
    return words.say("{hours} h {minutes} min", hours=count(hours), minutes=rest)


def clock(at: datetime | None, zone: ZoneInfo) -> str:
    """``08:30`` on the clocks of ``zone``."""
    return NOTHING if at is None else f"{at.astimezone(zone):%H:%M}"


def exact_clock(at: datetime | None, zone: ZoneInfo) -> str:
    """``08:30:05`` on the clocks of ``zone``."""
    return NOTHING if at is None else f"{at.astimezone(zone):%H:%M:%S}"


def moment(at: datetime | None, now: datetime, zone: ZoneInfo, words: Words) -> str:
    """The time of day, with the date in front when it is not today's."""
    if at is None:
        return NOTHING
    local = at.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"{local:%H:%M}"
    return f"{short_day(local.date(), words)} {local:%H:%M}"


def as_of(at: datetime, zone: ZoneInfo, words: Words) -> str:
    """The date with its weekday and the time to the second."""
    return format_datetime(at, words.say("EEE d MMM y HH:mm:ss"), tzinfo=zone, locale=words.language)


def short_day(day: date, words: Words) -> str:
    """``11/21(土)``; in English ``Sat 21 Nov``."""
    return format_date(day, words.say("EEE d MMM"), locale=words.language)


def full_day(day: date, words: Words) -> str:
    """``2026/11/21(土)``; in English ``Sat 21 Nov 2026``."""
    return format_date(day, words.say("EEE d MMM y"), locale=words.language)


def short_month(day: date, words: Words) -> str:
    """``4月``; in English ``Apr``."""
    return format_date(day, words.say("MMM"), locale=words.language)


def fiscal_year_name(year: int, words: Words) -> str:
    """``2026年度（令和8年度）``; the first year of an era is 元年度."""
    era = era_of(year)
    name = era.name if words.language == "ja" else era.romanised
    number = "元" if words.language == "ja" and era.year == 1 else str(era.year)
    return words.say("Fiscal {year} ({era} {era_year})", year=str(year), era=name, era_year=number)
