"""The report: occupied seconds and presses per space, jobs per printer.

Buckets begin at whole quarters of an hour and whole hours, in UTC; days are those of Japan. A bucket in which nothing
happened is left out and means zero: the truth has no gaps.

Responsible for the report's shape and sums. Refuses to print it (see ``cli``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime

import msgspec

from shigotoba_sim.building import Building
from shigotoba_sim.clock import HOUR_MS, day_of
from shigotoba_sim.plan.counters import Counters, effect_of
from shigotoba_sim.plan.events import Job, Presence, Press
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.truth.spans import BUCKET_MS, Occupancy


class Quarter(msgspec.Struct, frozen=True):
    """A quarter of an hour of one space: its begin, seconds occupied, presses of the rocker."""

    bucket: datetime
    occupied_s: float
    presses: int


class SpaceTruth(msgspec.Struct, frozen=True):
    """One seat or booth.

    Attributes:
        space: Its code.
        occupied_s: Seconds for which somebody was there.
        presses: Presses of the rocker, both sides.
        starts: Those of an I side, which start a use.
        by_15min: The quarters of an hour in which anything was so.
    """

    space: str
    occupied_s: float
    presses: int
    starts: int
    by_15min: tuple[Quarter, ...]


class Printed(msgspec.Struct, frozen=True):
    """What a printer did in some time, in the vocabulary of the wire's points."""

    impressions_total: int
    impressions_print: int
    impressions_copy: int
    impressions_fax: int
    impressions_other: int
    sheets_total: int
    fax_sent: int
    fax_received: int
    scan_sent: int


class HourPrinted(msgspec.Struct, frozen=True):
    """An hour, by its begin."""

    bucket: datetime
    printed: Printed


class DayPrinted(msgspec.Struct, frozen=True):
    """A day in Japan."""

    day: date
    printed: Printed


class MfpTruth(msgspec.Struct, frozen=True):
    """One printer: its device, what it did in all, and in the hours and days in which it did anything."""

    device: str
    total: Printed
    by_hour: tuple[HourPrinted, ...]
    by_day: tuple[DayPrinted, ...]


class Truth(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """What happened from ``start`` until before ``end``."""

    start: datetime
    end: datetime
    spaces: tuple[SpaceTruth, ...]
    mfps: tuple[MfpTruth, ...]


def truth_of(timeline: Timeline, place: Building, start_ms: int, end_ms: int) -> Truth:
    """The truth about ``place`` from ``start_ms`` until before ``end_ms``, UTC milliseconds."""
    codes = [sensor.space for sensor in place.sensors]
    occupancy = {code: Occupancy(start_ms, timeline.occupied_at(code, start_ms - 1)) for code in codes}
    presses: list[Press] = []
    jobs: list[Job] = []
    for event in timeline.events(start_ms, end_ms):
        match event:
            case Presence():
                occupancy[event.space].change(event.at_ms, event.occupied)
            case Press():
                presses.append(event)
            case Job():
                jobs.append(event)
    for space in occupancy.values():
        space.change(end_ms, occupied=False)
    return Truth(
        start=_utc(start_ms),
        end=_utc(end_ms),
        spaces=tuple(_space(code, occupancy[code], [one for one in presses if one.space == code]) for code in codes),
        mfps=tuple(_mfp(mfp.device, [job for job in jobs if job.mfp == mfp.device]) for mfp in place.mfps),
    )


def printed(counters: Counters) -> Printed:
    """The counters, or a difference of two, in the wire's vocabulary."""
    return Printed(**counters.by_point())


def _space(code: str, occupancy: Occupancy, presses: list[Press]) -> SpaceTruth:
    pressed = Counter(press.at_ms - press.at_ms % BUCKET_MS for press in presses)
    buckets = sorted(occupancy.by_bucket.keys() | pressed.keys())
    return SpaceTruth(
        space=code,
        occupied_s=sum(occupancy.by_bucket.values()) / 1000,
        presses=len(presses),
        starts=sum(press.button.endswith("I") for press in presses),
        by_15min=tuple(Quarter(_utc(at), occupancy.by_bucket[at] / 1000, pressed[at]) for at in buckets),
    )


def _mfp(device: str, jobs: list[Job]) -> MfpTruth:
    hours: defaultdict[int, Counters] = defaultdict(Counters)
    days: defaultdict[date, Counters] = defaultdict(Counters)
    for job in jobs:
        hours[job.at_ms - job.at_ms % HOUR_MS] += effect_of(job)
        days[day_of(job.at_ms)] += effect_of(job)
    return MfpTruth(
        device=device,
        total=printed(sum(hours.values(), Counters())),
        by_hour=tuple(HourPrinted(_utc(at_ms), printed(counters)) for at_ms, counters in sorted(hours.items())),
        by_day=tuple(DayPrinted(day, printed(counters)) for day, counters in sorted(days.items())),
    )


def _utc(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC)
