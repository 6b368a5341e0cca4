"""Times and spans as people on the phone read them, in the site's own clock.

Responsible for the written form. Refuses to know what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from shigotoba_backend.texts import Texts


@dataclass(frozen=True)
class Shown:
    """How times are written for one reader.

    Attributes:
        texts: The reader's language.
        zone: Of the site.
        now: The present.
    """

    texts: Texts
    zone: ZoneInfo
    now: datetime

    def clock(self, at: datetime) -> str:
        """``10:30``."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def spoken(self, at: datetime) -> str:
        """``10時30分``, as a screen reader should say it."""
        local = at.astimezone(self.zone)
        return self.texts.say("{hour}:{minute}", hour=local.hour, minute=f"{local.minute:02}")

    def day(self, day: date) -> str:
        """``11月20日(金)``; today and tomorrow by name."""
        days = (day - self.today).days
        named = {0: self.texts.say("Today"), 1: self.texts.say("Tomorrow")}.get(days)
        written = format_date(day, self.texts.say("EEE d MMM"), locale=self.texts.language)
        return f"{named} {written}" if named else written

    def day_of(self, at: datetime) -> str:
        """The day an instant lies in."""
        return self.day(self.local_day(at))

    def moment(self, at: datetime) -> str:
        """The time of day, with the day in front when it is not today's."""
        return self.clock(at) if self.local_day(at) == self.today else f"{self.day_of(at)} {self.clock(at)}"

    def span(self, length: timedelta) -> str:
        """``45分``, ``1時間30分``."""
        hours, minutes = divmod(round(length.total_seconds() / 60), 60)
        if not hours:
            return self.texts.say("{minutes} min", minutes=minutes)
        if not minutes:
            return self.texts.say("{hours} h", hours=hours)
        return self.texts.say("{hours} h {minutes} min", hours=hours, minutes=minutes)

    def local_day(self, at: datetime) -> date:
        """The day of the site's clock that an instant lies in."""
        return at.astimezone(self.zone).date()

    @property
    def today(self) -> date:
        """The present day of the site's clock."""
        return self.local_day(self.now)

    def input_time(self, at: datetime) -> str:
        """As ``<input type="time">`` takes it."""
        return self.clock(at)

    def iso(self, at: datetime) -> str:
        """With the site's offset, for ``<time>`` and for what forms send back."""
        return at.astimezone(self.zone).isoformat(timespec="seconds")
