"""Why something was refused: a code, the facts a person needs, and what could be had instead.

Responsible for the one exception of the engine. Refuses to phrase it: texts belong to whoever shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """A booth that could be had.

    Attributes:
        booth: Its code.
        name: For people.
        floor: The floor's code.
        start: From when, UTC.
        end: Until when, UTC.
    """

    booth: str
    name: str
    floor: str
    start: datetime
    end: datetime


class BookingRefusedError(Exception):
    """A command of the engine was refused; nothing has changed.

    Attributes:
        code: Why, such as ``taken``; all of them are in docs/bookings.md.
        facts: What a person needs to know, such as until when; times are aware.
        alternatives: The nearest that could be had, best first.
    """

    def __init__(self, code: str, facts: Mapping[str, object] | None = None, offers: tuple[Offer, ...] = ()) -> None:
        super().__init__(code, facts or {})
        self.code = code
        self.facts: Mapping[str, object] = facts or {}
        self.alternatives = offers

    def instead(self, offers: tuple[Offer, ...]) -> BookingRefusedError:
        """The same refusal with alternatives."""
        return BookingRefusedError(self.code, self.facts, offers)


def refuse(code: str, **facts: object) -> BookingRefusedError:
    """The refusal with that code, to be raised."""
    return BookingRefusedError(code, facts)
