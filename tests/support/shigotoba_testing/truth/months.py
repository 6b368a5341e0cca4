"""The truth of a building by calendar month, as a whole and floor by floor.

Responsible for what belongs to which part and month. Refuses to know how a figure comes about (see ``seats``,
``booths``, ``printers``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_testing.truth.booths import Booths
from shigotoba_testing.truth.days import Day, day_of
from shigotoba_testing.truth.printers import Printers
from shigotoba_testing.truth.seats import Seats


@dataclass(frozen=True)
class Figure:
    """What really was: the indicator ``key`` of ``floor`` in a month; of no floor that of the whole building."""

    key: str
    floor: str
    month: date
    value: float | None


@dataclass
class Part:
    """The building or one of its floors in one month."""

    seats: Seats
    booths: Booths
    printers: Printers

    def add(self, timeline: Timeline, day: Day) -> None:
        """Count one more day."""
        self.seats.add(day)
        self.booths.add(day)
        self.printers.add(timeline, day)

    def figures(self) -> Iterator[tuple[str, float | None]]:
        """Each indicator by its key."""
        yield from self.seats.figures()
        yield from self.booths.figures()
        yield from self.printers.figures()


class Months:
    """The truth of the building of ``inputs``; ``told`` are the counters there are, as pairs of device and point."""

    def __init__(self, timeline: Timeline, inputs: PlanInputs, told: Collection[tuple[str, str]]) -> None:
        self._timeline, self._inputs, self._told = timeline, inputs, told
        self._parts: dict[tuple[str, date], Part] = {}

    def add(self, when: date) -> None:
        """Count one more day, which the simulator has to remember."""
        day = day_of(self._timeline, self._inputs.place, when)
        for floor in ("", *(floor.code for floor in self._inputs.place.floors)):
            key = floor, when.replace(day=1)
            if key not in self._parts:
                self._parts[key] = self._part(floor)
            self._parts[key].add(self._timeline, day)

    def figures(self) -> Iterator[Figure]:
        """Everything that is known, in no particular order."""
        for (floor, month), part in self._parts.items():
            yield from (Figure(key, floor, month, value) for key, value in part.figures())

    def taken_at(self, floor: str, month: date, at_ms: int) -> float:
        """How many seats were taken in the quarter of an hour that begins at ``at_ms``."""
        return self._parts[floor, month].seats.taken_at[at_ms]

    def _part(self, floor: str) -> Part:
        place = self._inputs.place
        here = [space for space in place.spaces if floor in ("", space.floor)]
        codes = {kind: [space.code for space in here if space.kind == kind] for kind in ("seat", "booth", "equipment")}
        people = sum(each.people for each in self._inputs.roll.departments if floor in ("", each.floor))
        devices = [mfp.device for mfp in place.mfps if mfp.place in codes["equipment"]]
        return Part(
            Seats(codes["seat"], people),
            Booths(codes["booth"]),
            Printers(devices, people, self._told, self._inputs.opened_ms),
        )
