"""What the building really did while everything broke, against what the product has stored of it.

The simulator knows without any device, message or table having a part in it. A sensor says what it has to say when it
is heard or not, and the agent that hears it was itself broken at times: what was missed then, and only then, has an
explanation.

Responsible for the questions about the building. Refuses to count messages (see ``verdict``).
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from shigotoba_sim.commands import CommandLog
from shigotoba_sim.plan.events import Presence, Press
from shigotoba_sim.plan.inputs import inputs_of
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.settings import SimSettings, read_sim_settings
from shigotoba_testing.faults.plan import Fault, Kind
from shigotoba_testing.faults.verdict import Answer
from shigotoba_testing.product import Demo

LATE_MS: Final = 15_000
"""How long after it happened a thing may be heard on a machine that has its hands full."""

EARLY_MS: Final = 1_000
AGAIN_MS: Final = 60_000
"""A sensor says its state again within a minute, whatever became of its first words."""

JUMP_MS: Final = 120_000
IN_DOUBT_MS: Final = LATE_MS + JUMP_MS
"""How far the time may be off that a clock in doubt gave."""

HEARS: Final = ("edge", "device")
"""What, when it is broken, hears nothing, or does not know when."""

GATHERS_MS: Final = 2_000
"""What the agent heard so long before it was killed need not have been on disk yet."""

LISTENS_MS: Final = 5_000
"""How much later than one driver another may be ready."""

PRESSED: Final = frozenset(("AI", "AO", "BI", "BO"))
TOTAL: Final = "impressions_total"
ENOUGH: Final = 20

_READINGS: Final = """
SELECT device.code, point.name, (extract(epoch FROM at) * 1000)::bigint, value, label, uncertain,
    NOT uncertain
FROM shigotoba.reading JOIN shigotoba.point USING (point_id) JOIN shigotoba.device USING (device_id)
WHERE point.name = 'impressions_total' OR (point.name IN ('occupancy', 'button') AND at >= %s) ORDER BY at
"""
_IS_HEARD: Final = """
SELECT EXISTS (SELECT FROM shigotoba.latest JOIN shigotoba.point USING (point_id) WHERE name = 'occupancy' AND at > %s)
"""
_PRINTED: Final = """
SELECT code, coalesce(sum(impressions_total), 0)::int
FROM shigotoba.device LEFT JOIN shigotoba.printing_hour USING (device_id) WHERE kind = 'mfp' GROUP BY code
"""


class Broken(NamedTuple):
    """A fault that was met, from when to when: until it was mended, or what had been killed was there again."""

    fault: Fault
    began_ms: int
    ended_ms: int


class Misprint(NamedTuple):
    """Sides of a printer as the rollups tell them, and how many came out of it at least and at most."""

    told: int
    least: int
    most: int


class Heard(NamedTuple):
    """A reading the product has, at a time that it or we may doubt; it counts with what it does not doubt itself."""

    device: str
    point: str
    at_ms: int
    value: float | None
    label: str | None
    uncertain: bool
    counts: bool

    @property
    def span_ms(self) -> tuple[int, int]:
        """From when to when it can have been so."""
        if self.uncertain:
            return self.at_ms - IN_DOUBT_MS, self.at_ms + IN_DOUBT_MS
        return self.at_ms - LATE_MS, self.at_ms + EARLY_MS


def is_heard(demo: Demo) -> bool:
    """Whether a sensor of the living building has come through, after all that was told of its past."""
    with demo.connect() as conn:
        return conn.execute(_IS_HEARD, [_settings(demo).lively_from]).fetchone() == (True,)


def truth_answers(demo: Demo, broken: Sequence[Broken]) -> Sequence[Answer]:
    """Everything the building can say of a demo that has settled and whose building stands still."""
    settings, jumps = _settings(demo), [each for each in broken if each.fault.kind is Kind.JUMP]
    with demo.connect() as conn:
        heard = [_doubted(Heard(*row), jumps) for row in conn.execute(_READINGS, [settings.lively_from])]
        printed = dict[str, int](conn.execute(_PRINTED).fetchall())
    building = Really(settings)
    missed = building.missed(heard, [each for each in broken if each.fault.name in HEARS])
    return (
        Answer("words of sensors and printers that were not so", [h for h in heard if not building.was(h)], []),
        Answer("presses told more often than pressed", building.pressed_too_often(heard), {}),
        Answer("comings, goings and presses missed while the agent could hear", missed, []),
        Answer("printers whose rollups are not what came out of them", building.misprinted(heard, printed), {}),
        Answer("whether much happened that could have been missed", len(building.happened) >= ENOUGH, True),
    )


def _doubted(heard: Heard, jumps: Iterable[Broken]) -> Heard:
    """A program that is started while the clock is wrong cannot know it, and doubts nothing; we know."""
    possible_ms = (heard.at_ms - JUMP_MS, heard.at_ms + JUMP_MS)
    wrong = any(
        _is_within(at_ms, [(jump.began_ms, jump.ended_ms + LATE_MS)]) for jump in jumps for at_ms in possible_ms
    )
    return heard._replace(uncertain=heard.uncertain or wrong)


def _settings(demo: Demo) -> SimSettings:
    return read_sim_settings(demo.home / "settings" / "sim.toml")


class Really:
    """The truth about a living building until now.

    Attributes:
        happened: Comings, goings and presses, in order of time.
    """

    def __init__(self, settings: SimSettings) -> None:
        inputs = inputs_of(settings)
        log = CommandLog(settings.commands, inputs.place, settings.lively_ms)
        self._timeline = Timeline(Plan(inputs), log.new())
        self._space = {sensor.device: sensor.space for sensor in inputs.place.sensors}
        self._space |= {booth.button_device: booth.space for booth in inputs.place.booths}
        events = self._timeline.events(settings.lively_ms, time.time_ns() // 1_000_000)
        self.happened = [event for event in events if isinstance(event, Presence | Press)]

    def was(self, heard: Heard) -> bool:
        """Whether it was so at any time at which it can have been so."""
        first_ms, last_ms = heard.span_ms
        if heard.point == TOTAL:
            return self._sides(heard.device, first_ms) <= (heard.value or 0) <= self._sides(heard.device, last_ms)
        so = self._said_by(heard)
        if heard.point == "occupancy" and so == (self._space[heard.device], self._stands(heard, first_ms)):
            return True
        return heard.label == "released" or so in {_said_of(event) for event in self._between(first_ms, last_ms)}

    def pressed_too_often(self, heard: Iterable[Heard]) -> Counter[Said]:
        """By booth and side, how many times too often."""
        told = Counter(self._said_by(each) for each in heard if each.label in PRESSED)
        return told - Counter(_said_of(each) for each in self.happened if isinstance(each, Press))

    def missed(self, heard: Sequence[Heard], deaf: Iterable[Broken]) -> list[Presence | Press]:
        """What has no word of it, though the agent was well; of the first and last moments there need be none."""
        told = defaultdict[Said, list[tuple[int, int]]](list)
        for each in heard:
            if each.point != TOTAL:
                first_ms, last_ms = each.span_ms
                told[self._said_by(each)].append((min(first_ms, each.at_ms - AGAIN_MS), last_ms))
        spells = [(each.began_ms - GATHERS_MS, _first_word_after(each.ended_ms, heard)) for each in deaf]
        spells.append((self.happened[0].at_ms, _first_word_after(0, heard)))
        spells.append((heard[-1].at_ms - GATHERS_MS, self.happened[-1].at_ms))
        return [
            event
            for event in self.happened
            if not _is_within(event.at_ms, told[_said_of(event)]) and not _is_within(event.at_ms, spells)
        ]

    def misprinted(self, heard: Iterable[Heard], printed: Mapping[str, int]) -> dict[str, Misprint]:
        """By printer, where the building knows other sides between the first and the last reading of its counter.

        What a clock in doubt has read is told by the next reading that is certain, if there still was one; what only
        we doubt is told at once.
        """
        certain, told = (defaultdict[str, list[tuple[int, int]]](list) for _ in range(2))
        for each in heard:
            if each.point == TOTAL and not each.uncertain:
                certain[each.device].append(each.span_ms)
            if each.point == TOTAL and each.counts:
                told[each.device].append(each.span_ms)
        found = {
            device: Misprint(printed[device], self._least(device, certain[device]), self._most(device, told[device]))
            for device in certain
        }
        return {device: each for device, each in found.items() if not each.least <= each.told <= each.most}

    def _least(self, device: str, spans: Sequence[tuple[int, int]]) -> int:
        """It is not known to the moment when a counter was read: late at first, early at last."""
        (_, first_ms), (last_ms, _) = spans[0], spans[-1]
        return self._sides(device, last_ms) - self._sides(device, first_ms)

    def _most(self, device: str, spans: Sequence[tuple[int, int]]) -> int:
        """Early at first, late at last."""
        earliest_ms, latest_ms = min(first for first, _ in spans), max(last for _, last in spans)
        return self._sides(device, latest_ms) - self._sides(device, earliest_ms)

    def _sides(self, device: str, at_ms: int) -> int:
        return self._timeline.counters_at(device, at_ms).impressions_total

    def _stands(self, heard: Heard, at_ms: int) -> bool:
        return self._timeline.occupied_at(self._space[heard.device], at_ms)

    def _said_by(self, heard: Heard) -> Said:
        return self._space[heard.device], heard.label if heard.value is None else bool(heard.value)

    def _between(self, first_ms: int, last_ms: int) -> Sequence[Presence | Press]:
        low, high = (bisect_left(self.happened, at_ms, key=lambda event: event.at_ms) for at_ms in (first_ms, last_ms))
        return self.happened[low:high]


Said = tuple[str, str | bool | None]
"""A space, and what is said of it: a side that was pressed, or whether it is taken."""


def _said_of(event: Presence | Press) -> Said:
    return event.space, event.button if isinstance(event, Press) else event.occupied


def _first_word_after(at_ms: int, heard: Iterable[Heard]) -> int:
    """Of a sensor; a moment later all of its drivers listen."""
    words = (each.at_ms for each in heard if each.point != TOTAL and each.at_ms > at_ms and not each.uncertain)
    return next(words, at_ms) + LISTENS_MS


def _is_within(at_ms: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(first_ms <= at_ms <= last_ms for first_ms, last_ms in spans)
