"""Both sides of a comparison, day by day, so that a year needs no more memory than a day.

Responsible for which truth belongs to which figure: a printer is known by its place, whoever stands there; a counter
that a make does not show is not compared. Refuses to judge (see ``metrics``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import msgspec

from shigotoba_sim.building import Building
from shigotoba_sim.clock import midnight_ms, next_day
from shigotoba_sim.compare.bookings import Bookings, Name
from shigotoba_sim.compare.metrics import NO_TIME, Count, Line, Seconds, counted, occupied, utilisation
from shigotoba_sim.compare.product import PrinterDay, Product, SpaceDay
from shigotoba_sim.plan.counters import Counters
from shigotoba_sim.plan.inputs import PlanInputs
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.truth.report import SpaceTruth, truth_of

COUNTERS: Final = (
    "impressions_total",
    "impressions_print",
    "impressions_copy",
    "impressions_fax",
    "impressions_other",
    "fax_sent",
    "scan_sent",
    "sheets_total",
    "fax_received",
)
"""The counters that the product sums."""

ALL: Final = "all"
_UNHEARD_ROCKERS: Final = {"stick_unplugged", "line_noise", "sensor_dies"}
_HOURS_PER_DAY: Final = 24
_Key = tuple[str, str]


class _Sums:
    """What has been gathered so far over all days."""

    def __init__(self) -> None:
        self.time: defaultdict[str, Seconds] = defaultdict(lambda: NO_TIME)
        self.counts: dict[_Key, Count] = {}

    def count(self, metric: str, of: str, count: Count) -> None:
        before = self.counts.get((metric, of))
        self.counts[metric, of] = count if before is None else _later(before, count)


class Comparison:
    """The truth of ``timeline`` against ``product``; without a product, the truth alone.

    ``refused`` are the bookings and wishes that the product did not accept from the live building.
    """

    def __init__(
        self,
        timeline: Timeline,
        inputs: PlanInputs,
        product: Product | None,
        refused: frozenset[Name] = frozenset(),
    ) -> None:
        self._bookings = Bookings(timeline, product, refused)
        self._timeline = timeline
        self._place: Building = inputs.place
        self._faults = inputs.faults
        self._has_product = product is not None
        self._kinds = {space.code: space.kind for space in inputs.place.spaces}
        self._use = {(row.day, row.space): row for row in product.use} if product else {}
        self._printing: defaultdict[tuple[date, str], list[PrinterDay]] = defaultdict(list)
        names = {mfp.device: mfp.place for mfp in inputs.place.mfps}
        names |= {new: names[old] for old, new in inputs.faults.replacements()}
        for row in product.printing if product else ():
            self._printing[row.day, names.get(row.device, "")].append(row)
        shown = {
            (names[row.device], name)
            for row in (product.printing if product else ())
            for name in COUNTERS
            if row.device in names and getattr(row, name) is not None
        }
        always = {(mfp.place, "impressions_total") for mfp in inputs.place.mfps}
        every = {(mfp.place, name) for mfp in inputs.place.mfps for name in COUNTERS}
        self._shown = shown | always if product else every

    def lines(self, first: date, end: date) -> Iterator[Line]:
        """Day by day the kinds of spaces and the printers, then all days together, with every single space."""
        lines = self._lines(first, end)
        return lines if self._has_product else (msgspec.structs.replace(line, verdict="not measured") for line in lines)

    def _lines(self, first: date, end: date) -> Iterator[Line]:
        sums = _Sums()
        day = first
        while day < end:
            yield from self._spaces(day, sums)
            yield from self._printers(day, sums)
            yield from self._bookings.day(day)
            day = next_day(day)
        yield from self._totals(sums)
        yield from self._bookings.totals()

    def _spaces(self, day: date, sums: _Sums) -> Iterator[Line]:
        start_ms, end_ms = midnight_ms(day), midnight_ms(next_day(day))
        by_kind: defaultdict[str, Seconds] = defaultdict(lambda: NO_TIME)
        presses: list[Count] = []
        active = {kind for kind, _device, _start, _end in self._faults.active(start_ms, end_ms)}
        for space in truth_of(self._timeline, self._place, start_ms, end_ms).spaces:
            row = self._use.get((day, space.space))
            time = _seconds(space, row, (end_ms - start_ms) / 1000)
            by_kind[self._kinds[space.space]] += time
            sums.time[space.space] += time
            if self._kinds[space.space] == "booth":
                presses.append(_presses(space, row, hidden=bool(active & _UNHEARD_ROCKERS)))
                sums.count("presses", space.space, presses[-1])
        for kind, time in sorted(by_kind.items()):
            sums.time[f"{ALL} {kind}s"] += time
            yield utilisation(f"{ALL} {kind}s", day, time)
        if presses:
            total = _together(presses)
            sums.count("presses", f"{ALL} booths", total)
            yield counted("presses", f"{ALL} booths", day, total)

    def _printers(self, day: date, sums: _Sums) -> Iterator[Line]:
        start_ms, end_ms = midnight_ms(day), midnight_ms(next_day(day))
        poll_ms = int(self._place.mfp_keep_alive_s * 1000)
        totals: defaultdict[str, list[Count]] = defaultdict(list)
        for mfp in self._place.mfps:
            really = self._between(mfp.device, start_ms, end_ms)
            came = self._between(mfp.device, start_ms - poll_ms, start_ms)
            went = self._between(mfp.device, end_ms - poll_ms, end_ms)
            rows = self._printing.get((day, mfp.place), [])
            for name in COUNTERS:
                if (mfp.place, name) in self._shown:
                    count = _count(name, rows, really, came, went)
                    sums.count(name, mfp.place, count)
                    totals[name].append(count)
        for name, counts in totals.items():
            total = _together(counts)
            sums.count(name, f"{ALL} printers", total)
            yield counted(name, f"{ALL} printers", day, total)

    def _between(self, device: str, start_ms: int, end_ms: int) -> Counters:
        return self._timeline.counters_at(device, end_ms - 1) - self._timeline.counters_at(device, start_ms - 1)

    def _totals(self, sums: _Sums) -> Iterator[Line]:
        for of, time in sums.time.items():
            yield occupied(of, None, time)
            yield utilisation(of, None, time)
        for (metric, of), count in sorted(sums.counts.items()):
            yield counted(metric, of, None, count)


def _seconds(space: SpaceTruth, row: SpaceDay | None, all_s: float) -> Seconds:
    if row is None:
        return Seconds(space.occupied_s, 0.0, 0.0, all_s)
    return Seconds(space.occupied_s, row.occupied_s or 0.0, row.known_s, all_s)


def _presses(space: SpaceTruth, row: SpaceDay | None, *, hidden: bool) -> Count:
    # A rocker without battery has no heartbeat: silence says nothing, so the sensor beside it stands for both.
    known_share = row.known_s / timedelta(days=1).total_seconds() if row else 0.0
    product = (row.presses or 0) if row else None
    return Count(space.presses, product, min(1.0, known_share), hidden=hidden)


def _count(name: str, rows: list[PrinterDay], really: Counters, came: Counters, went: Counters) -> Count:
    told = [value for row in rows if (value := getattr(row, name)) is not None]
    return Count(
        truth=really.by_point()[name],
        product=sum(told) if told else None,
        coverage=min(1.0, sum(row.hours for row in rows) / _HOURS_PER_DAY),
        flagged=any(row.resets for row in rows) or sum(bool(row.hours) for row in rows) > 1,
        moved_in=came.by_point()[name],
        moved_out=went.by_point()[name],
    )


def _together(counts: list[Count]) -> Count:
    """Several things at the same time."""
    told = [count.product for count in counts if count.product is not None]
    return Count(
        truth=sum(count.truth for count in counts),
        product=sum(told) if told else None,
        coverage=sum(count.coverage for count in counts) / len(counts),
        flagged=any(count.flagged for count in counts),
        moved_in=sum(count.moved_in for count in counts),
        moved_out=sum(count.moved_out for count in counts),
        hidden=any(count.hidden for count in counts),
    )


def _later(before: Count, after: Count) -> Count:
    """The same thing over more days: only the first day gets what came before, only the last one loses."""
    both = _together([before, after])
    coverage = min(before.coverage, after.coverage)
    return msgspec.structs.replace(both, coverage=coverage, moved_in=before.moved_in, moved_out=after.moved_out)
