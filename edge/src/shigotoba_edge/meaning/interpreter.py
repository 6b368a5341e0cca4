"""Adds what sensors mean to what they say, for the devices that have a model.

The raw value is kept: under its own name, or as ``occupancy_raw`` where the sensor's own word is ``occupancy``. What
is worked out is ``occupancy``: with every new message of the sensor while it is known, and once more at the moment at
which a hold runs out. While nothing is known there is no such reading, and the backend sees that there is none.

Responsible for devices and moments. Refuses to wait: whoever owns a clock calls ``elapse``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from shigotoba_edge.logbook import Sighting
from shigotoba_edge.meaning.model import Model
from shigotoba_edge.meaning.presence import Presence, Word, heard, vacant_from_ms, word_at
from shigotoba_wire.readings import Reading

MEANT: Final = "occupancy"
KEPT: Final = "occupancy_raw"


class Interpreter:
    """The sensors that have a model."""

    def __init__(self, models: Iterable[Model] = ()) -> None:
        self._models = {device: model for model in models for device in model.devices}
        self._known: dict[str, Presence] = {}
        self._due_ms: dict[str, int] = {}

    def taking_over(self, before: Interpreter) -> Interpreter:
        """The same, with what ``before`` knows of devices whose model has not changed."""
        same = {device for device, model in self._models.items() if before._models.get(device) == model}
        self._known = {device: known for device, known in before._known.items() if device in same}
        self._due_ms = {device: due_ms for device, due_ms in before._due_ms.items() if device in same}
        return self

    def take(self, sighting: Sighting) -> tuple[Sighting, ...]:
        """The sighting with what it means; before it what became due until then."""
        model = self._models.get(sighting.device)
        if model is None:
            return (sighting,)
        device, at_ms = sighting.device, sighting.at_ms
        due = self._elapsed(device, at_ms)
        known = heard(self._known.get(device), model, _sign(sighting, model), at_ms)
        self._known[device] = known
        self._schedule(device, vacant_from_ms(known, model))
        return (*due, _with_meaning(sighting, word_at(known, model, at_ms)))

    def elapse(self, now_ms: int) -> list[Sighting]:
        """What has become due until now without anything being heard."""
        devices = [device for device, due_ms in self._due_ms.items() if due_ms <= now_ms]
        return [sighting for device in devices for sighting in self._elapsed(device, now_ms)]

    def _elapsed(self, device: str, now_ms: int) -> tuple[Sighting, ...]:
        due_ms = self._due_ms.get(device)
        if due_ms is None or due_ms > now_ms:
            return ()
        del self._due_ms[device]
        return (Sighting(device, due_ms, (Reading(device, MEANT, False, due_ms),)),)

    def _schedule(self, device: str, due_ms: int | None) -> None:
        self._due_ms.pop(device, None)
        if due_ms is not None:
            self._due_ms[device] = due_ms


def _sign(sighting: Sighting, model: Model) -> bool | None:
    values = [reading.value for reading in sighting.readings if reading.point == model.source]
    return bool(values[-1]) if values else None


def _with_meaning(sighting: Sighting, word: Word) -> Sighting:
    if not sighting.readings:
        return sighting
    readings = [_kept(reading) for reading in sighting.readings]
    if word is not Word.UNKNOWN:
        readings.append(Reading(sighting.device, MEANT, word is Word.OCCUPIED, sighting.at_ms))
    return msgspec.structs.replace(sighting, readings=tuple(readings))


def _kept(reading: Reading) -> Reading:
    return msgspec.structs.replace(reading, point=KEPT) if reading.point == MEANT else reading
