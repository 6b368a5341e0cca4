"""The readings of the past as one long sequence, the same each time it is asked for.

That is what makes a SIGKILL harmless: whoever goes on skips as many readings as were already numbered.
Sensors tell each change and, once per keep-alive, their state, each in its own second; batteries once a day; printers
their counters every ten minutes, or once per keep-alive if that is longer. What a fault swallows is left out.

Responsible for the sequence and its length. Refuses to deliver it (see ``writer``) and to know what breaks (see
``faults``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from shigotoba_sim.battery import battery_pct
from shigotoba_sim.building import SeatSensor
from shigotoba_sim.chance import chance_of
from shigotoba_sim.clock import HOUR_MS, SECOND_MS, day_of, midnight_ms, next_day
from shigotoba_sim.faces.mfp.tables.shares import colour_total, duplex_sheets
from shigotoba_sim.plan.counters import Counters
from shigotoba_sim.plan.events import Event, Job, Presence, Press
from shigotoba_sim.plan.plan import Plan
from shigotoba_wire.readings import Reading

_BURST: Final = 5
"""How often a sensor says a change."""

_BY_FUNCTION: Final = ("impressions_total", "impressions_print", "impressions_copy")
_COLOUR_BY_FUNCTION: Final = ("impressions_print_colour", "impressions_copy_colour")
_POLLED: Final = {
    "ricoh": (
        *_BY_FUNCTION,
        *_COLOUR_BY_FUNCTION,
        "impressions_fax",
        "impressions_duplex",
        "fax_sent",
        "scan_sent",
    ),
    "sharp": (*_BY_FUNCTION, *_COLOUR_BY_FUNCTION, "impressions_colour", "impressions_other", "scan_sent"),
    "canon": (*_BY_FUNCTION, "impressions_colour"),
    "fujifilm": (
        *_BY_FUNCTION,
        *_COLOUR_BY_FUNCTION,
        "impressions_colour",
        "impressions_fax",
        "fax_sent",
        "scan_sent",
    ),
    "konica_minolta": (*_BY_FUNCTION, *_COLOUR_BY_FUNCTION),
    "kyocera": (*_BY_FUNCTION, *_COLOUR_BY_FUNCTION, "impressions_fax"),
    "pwg": (*_BY_FUNCTION, "impressions_fax", "sheets_total", "fax_sent", "fax_received"),
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
        self._faults = plan.inputs.faults
        self._beat_ms = int(self._place.keep_alive_s * SECOND_MS)
        self._poll_ms = int(self._place.mfp_keep_alive_s * SECOND_MS)
        self._phase_ms = {sensor.device: self._stagger_ms(sensor) for sensor in self._place.sensors}
        self._beats = sorted((phase_ms, device) for device, phase_ms in self._phase_ms.items())
        self._device_of = {sensor.space: sensor.device for sensor in self._place.sensors}
        self._mfps = {mfp.device for mfp in self._place.mfps}
        self._rocker_of = {booth.space: booth.button_device for booth in self._place.booths}

    def readings(self) -> Iterator[Reading]:
        """All of them, in order of time."""
        return self._told_all() if self._faults.none else self._told_despite_faults()

    def _told_despite_faults(self) -> Iterator[Reading]:
        for reading in self._told_all():
            heard = self._heard(reading)
            if heard is not None:
                yield heard
                if self._faults.told_twice(heard.device, heard.at_ms):
                    yield heard

    def _heard(self, reading: Reading) -> Reading | None:
        """What becomes of a reading; None if it does not reach the gateway."""
        device, at_ms = reading.device, reading.at_ms
        if device in self._mfps:
            answers = self._faults.mfp_answers(device, at_ms)
            return msgspec.structs.replace(reading, device=self._faults.identity(device, at_ms)) if answers else None
        is_beat = at_ms % self._beat_ms == self._phase_ms.get(device)
        if not self._faults.heard(device, at_ms, 1 if is_beat else _BURST):
            return None
        if reading.point == "battery_pct":
            left = self._faults.battery_pct(device, at_ms, int(reading.value))
            return msgspec.structs.replace(reading, value=left)
        return reading

    def _told_all(self) -> Iterator[Reading]:
        occupied = {device: False for _offset, device in self._beats}
        for start_ms, end_ms in self._days():
            yield from self._day(start_ms, end_ms, occupied)

    def count(self) -> int:
        """How many there are, counted without making them unless something is broken."""
        if not self._faults.none:
            return sum(1 for _ in self.readings())
        length_ms = self._end_ms - self._start_ms
        beats = sum(_times_before(length_ms, offset_ms, self._beat_ms) for offset_ms, _device in self._beats)
        batteries = sum(
            _times_before(length_ms, _BATTERY_AT_MS + offset_ms, 24 * HOUR_MS) for offset_ms, _device in self._beats
        )
        polls = _times_before(length_ms, 0, self._poll_ms) * sum(
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
        for beat_ms in range(start_ms, end_ms, self._beat_ms):
            for offset_ms, device in self._beats:
                at_ms = beat_ms + offset_ms
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
        for at_ms in range(start_ms, end_ms, self._poll_ms):
            told += self._polled(at_ms)
        told += [one for sensor in self._place.sensors for one in self._battery(sensor, start_ms, end_ms)]
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
            counters = shown_by(self._faults.counters(mfp.device, at_ms, self._plan.counters_at))
            for point in _POLLED.get(mfp.vendor, _POLLED_OF_ANY):
                yield Reading(mfp.device, point, counters[point], at_ms)

    def _battery(self, sensor: SeatSensor, start_ms: int, end_ms: int) -> list[Reading]:
        at_ms = start_ms + _BATTERY_AT_MS + self._phase_ms[sensor.device]
        return [Reading(sensor.device, "battery_pct", battery_pct(sensor, at_ms), at_ms)] if at_ms < end_ms else []

    def _stagger_ms(self, sensor: SeatSensor) -> int:
        """When in the beat a sensor tells its state: nobody switched them all on at once."""
        return chance_of("stagger", sensor.address).randrange(self._beat_ms)


def shown_by(counters: Counters) -> dict[str, int]:
    """The counts that tables of printers show, under the names of the wire's points."""
    return counters.by_point() | {
        "impressions_colour": colour_total(counters),
        "impressions_print_colour": counters.print_colour,
        "impressions_copy_colour": counters.copy_colour,
        "impressions_duplex": 2 * duplex_sheets(counters),
    }


def _times_before(length_ms: int, first_ms: int, apart_ms: int) -> int:
    """How many of ``first_ms``, ``apart_ms`` later, twice that later ... lie before ``length_ms``."""
    return max(0, -((first_ms - length_ms) // apart_ms))
