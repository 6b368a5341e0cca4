"""Whether a printer's own counters add up: total = print + copy + fax + other.

Many printers do not count every function apart: then sides are left over that belong to those they do not name, which
is said as what it is. Parts that exceed the total, or do not reach it though all are there, contradict each other.

A visit reads its objects in several requests, and a job may run in between; so a difference counts when two visits in
a row show the same one.

Responsible for the difference and for saying it. Refuses to correct anything: counters are stored as the device says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TOTAL: Final = "impressions_total"
PARTS: Final = ("impressions_print", "impressions_copy", "impressions_fax", "impressions_other")
NEEDED: Final = frozenset((TOTAL, "impressions_print", "impressions_copy"))


def difference(counts: Mapping[str, int]) -> int | None:
    """The total less its parts; None when the device does not offer both. A part that it does not have is no part."""
    if not counts.keys() >= NEEDED:
        return None
    return counts[TOTAL] - sum(counts.get(part, 0) for part in PARTS)


class Reconciliation:
    """The checks of one printer.

    Attributes:
        note: What a person should know after the last one; empty when the counters add up.
    """

    def __init__(self) -> None:
        self._seen: int | None = None
        self.note = ""

    def check(self, counts: Mapping[str, int]) -> str:
        """The note after these counts; empty also when they cannot be compared."""
        found = difference(counts)
        if not found:
            self.note = ""
        elif found == self._seen:
            self.note = _note(found, counts)
        self._seen = found
        return self.note


def _note(found: int, counts: Mapping[str, int]) -> str:
    parts = " + ".join(part for part in PARTS if part in counts)
    apart = " and ".join(part for part in PARTS if part not in counts)
    if found > 0 and apart:
        return f"{found} of {TOTAL} are in none of {parts}; it does not count {apart} apart"
    return f"{TOTAL} differs from {parts} by {found:+d}; compare with the panel"
