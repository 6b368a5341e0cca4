"""The readings of the past as one long sequence, the same each time it is asked for.

That is what makes a SIGKILL harmless: whoever goes on skips as many readings as were already numbered.
Sensors tell each change and, every minute, their state, each in its own second; batteries once a day; printers their
counters every ten minutes.

Responsible for the sequence and its length. Refuses to deliver it (see ``writer``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shigotoba_sim.battery import battery_pct
from shigotoba_sim.building import SeatSensor
from shigotoba_sim.chance import chance_of
from shigotoba_sim.clock import HOUR_MS, MINUTE_MS, day_of, midnight_ms, next_day
from shigotoba_sim.plan.events import Event, Job, Presence, Press
from shigotoba_sim.plan.plan import Plan
from shigotoba_wire.readings import Reading

_POLL_MS: Final = 10 * MINUTE_MS
_POLLED: Final = {
    "ricoh": (
        "impressions_total",
        "impressions_print",
        "impressions_copy",
        "impressions_fax",
        "fax_sent",
        "scan_sent",
    ),
    "sharp": ("impressions_total", "impressions_print", "impressions_copy", "impressions_other", "scan_sent"),
}
"""What a poll of each make yields through its vendor's table, so that live polls go on with the same points."""

_POLLED_OF_ANY: Final = ("impressions_total",)
"""What every other printer yields: the standard's one counter."""

_READINGS_OF: Final = {Presence: 1, Press: 2, Job: 0}
_BATTERY_AT_MS: Final = 3 * HOUR_MS
_HELD_MS: Final = 200
"""How long a rocker is held down."""


class History:
    """The readings from the plan's opening day until before ``end_ms``."""

    def __init__(self, plan: Plan, end_ms: int) -> None:
        self._plan = plan
        self._place = plan.inputs.place
        self._start_ms = plan.inputs.opened_ms
        self._end_ms = end_ms
        self._beats = sorted((_stagger_ms(sensor), sensor.device) for sensor in self._place.sensors)
        self._device_of = {sensor.space: sensor.device for sensor in self._place.sensors}
        self._rocker_of = {booth.space: booth.button_device for booth in self._place.booths}

    def readings(self) -> Iterator[Reading]:
        """All of them, in order of time."""
        occupied = {device: False for _offset, device in self._beats}
        for start_ms, end_ms in self._days():
            yield from self._day(start_ms, end_ms, occupied)

    def count(self) -> int:
        """How many there are, counted without making them."""
        length_ms = self._end_ms - self._start_ms
        beats = sum(_times_before(length_ms, offset_ms, MINUTE_MS) for offset_ms, _device in self._beats)
        batteries = sum(
            _times_before(length_ms, _BATTERY_AT_MS + offset_ms, 24 * HOUR_MS) for offset_ms, _device in self._beats
        )
        polls = _times_before(length_ms, 0, _POLL_MS) * sum(
            len(_POLLED.get(mfp.vendor, _POLLED_OF_ANY)) for mfp in self._place.mfps
        )
        events = sum(_READINGS_OF[type(event)] for event in self._plan.events(self._start_ms, self._end_ms))
        return beats + batteries + polls + events

    def _days(self) -> Iterator[tuple[int, int]]:
        start_ms = self._start_ms
        while start_ms < self._end_ms:
            end_ms = midnight_ms(next_day(day_of(start_ms)))
            yield start_ms, min(end_ms, self._end_ms)
            start_ms = end_ms

    def _day(self, start_ms: int, end_ms: int, occupied: dict[str, bool]) -> Iterator[Reading]:
        """One day's readings; ``occupied`` is each sensor's state, carried from day to day."""
        # The inner loop runs two million times a month: no call, no search in it.
        told = iter(self._told(start_ms, end_ms))
        ahead = next(told, None)
        for minute_ms in range(start_ms, end_ms, MINUTE_MS):
            for offset_ms, device in self._beats:
                at_ms = minute_ms + offset_ms
                while ahead is not None and ahead.at_ms <= at_ms:
                    if ahead.point == "occupancy":
                        occupied[ahead.device] = ahead.value is True
                    yield ahead
                    ahead = next(told, None)
                if at_ms < end_ms:
                    yield Reading(device, "occupancy", occupied[device], at_ms)
        if ahead is not None:
            yield ahead
            yield from told

    def _told(self, start_ms: int, end_ms: int) -> list[Reading]:
        """The day's readings other than heartbeats."""
        told = [one for event in self._plan.events(start_ms, end_ms) for one in self._readings_of(event)]
        for at_ms in range(start_ms, end_ms, _POLL_MS):
            told += self._polled(at_ms)
        told += [one for sensor in self._place.sensors for one in _battery(sensor, start_ms, end_ms)]
        return sorted(told, key=lambda one: one.at_ms)

    def _readings_of(self, event: Event) -> Iterator[Reading]:
        match event:
            case Presence():
                yield Reading(self._device_of[event.space], "occupancy", event.occupied, event.at_ms)
            case Press():
                rocker = self._rocker_of[event.space]
                yield Reading(rocker, "button", event.button, event.at_ms)
                yield Reading(rocker, "button", "released", event.at_ms + _HELD_MS)
            case Job():
                # A printer tells of its jobs when it is polled.
                return

    def _polled(self, at_ms: int) -> Iterator[Reading]:
        for mfp in self._place.mfps:
            counters = self._plan.counters_at(mfp.device, at_ms).by_point()
            for point in _POLLED.get(mfp.vendor, _POLLED_OF_ANY):
                yield Reading(mfp.device, point, counters[point], at_ms)


def _battery(sensor: SeatSensor, start_ms: int, end_ms: int) -> list[Reading]:
    at_ms = start_ms + _BATTERY_AT_MS + _stagger_ms(sensor)
    return [Reading(sensor.device, "battery_pct", battery_pct(sensor, at_ms), at_ms)] if at_ms < end_ms else []


def _stagger_ms(sensor: SeatSensor) -> int:
    """The second of the minute in which a sensor tells its state: nobody switched them all on at once."""
    return chance_of("stagger", sensor.address).randrange(MINUTE_MS)


def _times_before(length_ms: int, first_ms: int, apart_ms: int) -> int:
    """How many of ``first_ms``, ``apart_ms`` later, twice that later ... lie before ``length_ms``."""
    return max(0, -((first_ms - length_ms) // apart_ms))
