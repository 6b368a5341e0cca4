"""The lifetime counters of a multifunction printer, and how a job moves them.

Impressions are sides marked, sheets are paper fed: two units that are never added to each other (design, section 5).
Responsible for the arithmetic. Refuses to know in which vendor's table a counter is shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from shigotoba_sim.chance import chance_of
from shigotoba_sim.plan.events import Job


class Counters(msgspec.Struct, frozen=True, gc=False):
    """Counts since manufacture; impressions by function and colour.

    Attributes:
        print_mono: Sides printed from computers, black.
        print_colour: The same in colour.
        copy_mono: Sides copied, black.
        copy_colour: The same in colour.
        fax_print: Sides printed for received faxes.
        other: Sides for reports and lists.
        sheets: Sheets fed.
        fax_sent: Fax pages sent.
        fax_received: Fax pages received.
        scan_sent: Pages scanned to files or mail.
    """

    print_mono: int = 0
    print_colour: int = 0
    copy_mono: int = 0
    copy_colour: int = 0
    fax_print: int = 0
    other: int = 0
    sheets: int = 0
    fax_sent: int = 0
    fax_received: int = 0
    scan_sent: int = 0

    @property
    def impressions_print(self) -> int:
        """Sides printed from computers."""
        return self.print_mono + self.print_colour

    @property
    def impressions_copy(self) -> int:
        """Sides copied."""
        return self.copy_mono + self.copy_colour

    @property
    def impressions_total(self) -> int:
        """Sides marked, all functions together."""
        return self.impressions_print + self.impressions_copy + self.fax_print + self.other

    def by_point(self) -> dict[str, int]:
        """The counts under the names of the wire's points."""
        return {
            "impressions_total": self.impressions_total,
            "impressions_print": self.impressions_print,
            "impressions_copy": self.impressions_copy,
            "impressions_fax": self.fax_print,
            "impressions_other": self.other,
            "sheets_total": self.sheets,
            "fax_sent": self.fax_sent,
            "fax_received": self.fax_received,
            "scan_sent": self.scan_sent,
        }

    def __add__(self, more: Counters) -> Counters:
        return Counters(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(more), strict=True)))

    def __sub__(self, less: Counters) -> Counters:
        return Counters(*(mine - theirs for mine, theirs in zip(astuple(self), astuple(less), strict=True)))


def astuple(counters: Counters) -> tuple[int, ...]:
    """The counts in the order of the fields."""
    return msgspec.structs.astuple(counters)


def effect_of(job: Job) -> Counters:
    """What one job adds."""
    sides, sheets = job.impressions, job.sheets
    match job.function:
        case "print":
            return (
                Counters(print_colour=sides, sheets=sheets) if job.colour else Counters(print_mono=sides, sheets=sheets)
            )
        case "copy":
            return (
                Counters(copy_colour=sides, sheets=sheets) if job.colour else Counters(copy_mono=sides, sheets=sheets)
            )
        case "fax_in":
            return Counters(fax_print=sides, sheets=sheets, fax_received=job.pages)
        case "fax_out":
            return Counters(fax_sent=job.pages)
        case "scan":
            return Counters(scan_sent=job.pages)
        case "other":
            return Counters(other=sides, sheets=sheets)


class Tally:
    """Running sums of jobs, so that a counter at any time is a look-up."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._sums: dict[str, tuple[list[int], list[Counters]]] = {}
        for job in sorted(jobs, key=lambda job: job.at_ms):
            times, sums = self._sums.setdefault(job.mfp, ([], [Counters()]))
            times.append(job.at_ms)
            sums.append(sums[-1] + effect_of(job))

    def by(self, mfp: str, at_ms: int) -> Counters:
        """What the jobs have added to ``mfp`` once those at ``at_ms`` are done."""
        times, sums = self._sums.get(mfp, ([], [Counters()]))
        return sums[bisect_right(times, at_ms)]

    @property
    def total(self) -> dict[str, Counters]:
        """What all jobs have added, by printer."""
        return {mfp: sums[-1] for mfp, (_times, sums) in self._sums.items()}


def base_of(serial: str) -> Counters:
    """What the printer ``serial`` had counted when the building opened: one to three years of a department's life."""
    chance = chance_of("counters", serial)
    print_mono, copy_mono = chance.randrange(60_000, 160_000), chance.randrange(20_000, 60_000)
    print_colour, copy_colour = print_mono // chance.randint(3, 6), copy_mono // chance.randint(5, 9)
    fax_received = chance.randrange(8_000, 30_000)
    other = chance.randrange(60, 400)
    sides = print_mono + copy_mono + print_colour + copy_colour + fax_received + other
    return Counters(
        print_mono=print_mono,
        print_colour=print_colour,
        copy_mono=copy_mono,
        copy_colour=copy_colour,
        fax_print=fax_received,
        other=other,
        sheets=sides * 7 // 10,
        fax_sent=chance.randrange(4_000, 20_000),
        fax_received=fax_received,
        scan_sent=chance.randrange(10_000, 60_000),
    )
