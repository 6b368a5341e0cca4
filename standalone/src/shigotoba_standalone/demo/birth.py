"""What the demo remembers for good: its birthday, its seed, and the days that follow from them.

Continuing a demo means the same building with the same past, so none of this may change with the arguments of a later
start. Responsible for ``demo.json``. Refuses to look at the clock.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from shigotoba_standalone.errors import StandaloneError

JAPAN: Final = timezone(timedelta(hours=9), "JST")
FORMAT: Final = 1


@dataclass(frozen=True)
class Birth:
    """The demo's beginnings.

    Attributes:
        format: Of the file.
        birthday: When the demo was made, ISO 8601 with the Japanese offset.
        seed: Names the building and its people.
        opened_on: First day of its history, in Japan.
        lively_from: From then on the building lives round the clock.
    """

    format: int
    birthday: str
    seed: int
    opened_on: str
    lively_from: str


def born(now: datetime, history_days: int | None, seed: int) -> Birth:
    """A demo that begins at ``now`` (aware) with so many days of history behind it; None for a whole month and more."""
    birthday = now.astimezone(JAPAN).replace(microsecond=0)
    opened_on = _month_before(birthday.date()) if history_days is None else birthday.date() - timedelta(history_days)
    return Birth(FORMAT, birthday.isoformat(), seed, opened_on.isoformat(), birthday.isoformat())


def _month_before(day: date) -> date:
    """The first day of the month before: indicators compare whole months."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def recall(path: Path) -> Birth | None:
    """The birth on file at ``path``; None if there is none.

    Raises:
        StandaloneError: The file is damaged or of another release.
    """
    try:
        return _checked(Birth(**json.loads(path.read_text(encoding="utf-8"))))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise StandaloneError(f"{path} cannot be used ({error}). Begin anew with: make demo-reset") from error


def _checked(birth: Birth) -> Birth:
    if birth.format != FORMAT:
        raise ValueError(f"format {birth.format}, this release knows {FORMAT}")
    return birth


def remember(path: Path, birth: Birth) -> None:
    """Write ``birth`` to ``path`` in one step."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(json.dumps(asdict(birth), indent=1) + "\n", encoding="utf-8")
    partial.replace(path)
