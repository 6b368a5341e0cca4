"""What printers did: impressions, sheets and faxes of those whose make tells of them.

Responsible for the figures of one month and of one part of the building. Refuses to know how a printer is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from shigotoba_sim.faces.mfp.tables.shares import colour_total, duplex_sheets
from shigotoba_sim.plan.counters import Counters
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_testing.truth.days import Day

COLOURED: Final = ("impressions_colour", "impressions_print_colour")
Measure = Callable[[Counters], int]


def _impressions(counters: Counters) -> int:
    return counters.impressions_total


def _copies(counters: Counters) -> int:
    return counters.impressions_copy


def _sheets(counters: Counters) -> int:
    return counters.sheets


def _faxes(counters: Counters) -> int:
    return counters.fax_sent + counters.fax_received


@dataclass
class Printers:
    """The printers ``devices``, and the ``people`` on the roll whose they are.

    ``told`` is which counters there are, as pairs of device and point; ``seen_from_ms`` the first reading of all.
    """

    devices: Sequence[str]
    people: int
    told: Collection[tuple[str, str]]
    seen_from_ms: int
    did: defaultdict[str, Counters] = field(default_factory=lambda: defaultdict[str, Counters](Counters))

    def add(self, timeline: Timeline, day: Day) -> None:
        """Count one more day; what was printed before the first reading is not seen."""
        start_ms = max(day.start_ms - 1, self.seen_from_ms)
        for device in self.devices:
            self.did[device] += timeline.counters_at(device, day.end_ms - 1) - timeline.counters_at(device, start_ms)

    def figures(self) -> Iterator[tuple[str, float | None]]:
        """Each indicator by its key; None of what no printer tells of."""
        impressions, sheets = self._sum(_impressions, self.devices), self._sum(_sheets, self._sheets_told)
        colour, duplex = self._with(*COLOURED), self._with("impressions_duplex")
        yield "impressions", impressions
        yield "impressions_per_person", _share(impressions, self.people)
        yield "copies", self._sum(_copies, self._with("impressions_copy"))
        yield "sheets", sheets
        yield "sheets_per_person", _share(sheets, self.people)
        yield "colour_share", _share(self._sum(colour_total, colour), self._sum(_impressions, colour), 100)
        yield "duplex_share", _share(self._sum(duplex_sheets, duplex), self._sum(_sheets, duplex), 100)
        yield "fax_pages", self._sum(_faxes, self._faxes_told)

    @property
    def _sheets_told(self) -> list[str]:
        """Those that count sheets, or two-sided ones, from which sheets follow."""
        return self._with("sheets_total", "impressions_duplex")

    @property
    def _faxes_told(self) -> list[str]:
        """Those that count faxes sent, and received ones or their sides: each page of a fax is a side here."""
        received = self._with("fax_received", "impressions_fax")
        return [device for device in self._with("fax_sent") if device in received]

    def _with(self, *points: str) -> list[str]:
        return [device for device in self.devices if any((device, point) in self.told for point in points)]

    def _sum(self, measure: Measure, devices: Sequence[str]) -> int | None:
        return sum(measure(self.did[device]) for device in devices) if devices else None


def _share(part: int | None, whole: int | None, factor: int = 1) -> float | None:
    return None if part is None or not whole else factor * part / whole
