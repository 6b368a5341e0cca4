"""A booth booked: what was agreed, how that changed, and what became of it.

Responsible for the shape, and for what follows from it. Refuses to draw any (see ``plan.ahead`` and ``plan.changes``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from shigotoba_sim.clock import MINUTE_MS

Means = Literal["phone", "button"]
Outcome = Literal["used", "no_show", "cancelled"]
Changed = Literal["move", "extend"]

GRACE_MS: Final = 10 * MINUTE_MS
"""How long a product waits for somebody, unless the office has agreed on something else."""


class Agreed(msgspec.Struct, frozen=True, gc=False):
    """A booth from ``start_ms`` until before ``end_ms``."""

    space: str
    start_ms: int
    end_ms: int

    def meets(self, other: Agreed) -> bool:
        """Whether the two have any time in common, at whatever booth."""
        return self.start_ms < other.end_ms and other.start_ms < self.end_ms


class Change(msgspec.Struct, frozen=True, gc=False):
    """What the person of a booking changed about it with a phone at ``at_ms``; ``was`` held until then."""

    at_ms: int
    did: Changed
    was: Agreed


class Booking(msgspec.Struct, frozen=True, gc=False):
    """A booth booked from ``start_ms`` until before ``end_ms``.

    Attributes:
        space: The booth, as agreed in the end.
        person: For whom, a number on the roll or of the crew.
        made_ms: When; of one that was waited for, when the offer was taken.
        start_ms: From when, as agreed in the end.
        end_ms: Until when, as agreed in the end.
        came_ms: When the person said to be there; None if nobody came.
        came_by: How that was said.
        left_ms: When the person said to have left, before the end; None if that was not said.
        left_by: How that was said.
        gone_ms: When the person really left, perhaps after the end.
        cancelled_ms: When it was taken back.
        waited_ms: Since when its person was on the waitlist for it; None if it was simply booked.
        changes: What was changed about it, in order of time.
    """

    space: str
    person: int
    made_ms: int
    start_ms: int
    end_ms: int
    came_ms: int | None = None
    came_by: Means = "phone"
    left_ms: int | None = None
    left_by: Means = "button"
    gone_ms: int | None = None
    cancelled_ms: int | None = None
    waited_ms: int | None = None
    changes: tuple[Change, ...] = ()

    @property
    def agreed(self) -> tuple[Agreed, ...]:
        """What was agreed one after the other: at first, and after each change."""
        return (*(change.was for change in self.changes), Agreed(self.space, self.start_ms, self.end_ms))

    @property
    def name(self) -> tuple[str, int, int]:
        """Booth, begin and person, which no two have in common."""
        return self.space, self.start_ms, self.person

    @property
    def changed(self) -> Iterator[tuple[Change, Agreed]]:
        """Each change with what was agreed from then on."""
        return zip(self.changes, self.agreed[1:], strict=True)

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        if self.cancelled_ms is not None:
            return "cancelled"
        return "no_show" if self.came_ms is None else "used"

    @property
    def recovered_ms(self) -> int:
        """How much of what was agreed others could have: after nobody came, or after leaving early."""
        if self.cancelled_ms is not None:
            return 0
        given_back_ms = self.left_ms if self.came_ms is not None else self.start_ms + GRACE_MS
        return 0 if given_back_ms is None else max(0, self.end_ms - max(given_back_ms, self.start_ms))
