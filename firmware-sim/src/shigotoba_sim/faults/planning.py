"""From the faults of a scenario to the schedule of a run.

Responsible for what each kind means: whom it befalls and how. Refuses names that mean no device.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from shigotoba_sim.building import Building
from shigotoba_sim.clock import SECOND_MS, ms_of
from shigotoba_sim.faults import kinds
from shigotoba_sim.faults.counting import Restart, Wrap, new_printer
from shigotoba_sim.faults.schedule import EVERYTHING, FOREVER_MS, Deed, Faults, Sense, Spell
from shigotoba_sim.faults.targets import mfps_of, sensors_of
from shigotoba_sim.plan.counters import Counters

_OnSensors = kinds.SensorDies | kinds.BatteryFades | kinds.AdvertsLost
_OnLines = kinds.RadioDeaf | kinds.StickUnplugged | kinds.LineNoise | kinds.DuplicateDeliveries
_Unanswering = kinds.MfpAsleep | kinds.MfpReboots

_LINE_SENSES: Final[dict[type[_OnLines], Sense]] = {
    kinds.RadioDeaf: "deaf",
    kinds.StickUnplugged: "unplugged",
    kinds.LineNoise: "noisy",
    kinds.DuplicateDeliveries: "duplicated",
}


def faults_of(seed: int, place: Building, faults: Sequence[kinds.Fault]) -> Faults:
    """The schedule of ``faults`` in ``place``.

    Raises:
        UnknownTargetError: A fault names something that it cannot befall.
    """
    effects = [effect for fault in faults for effect in effects_of(fault, place)]
    spells = [effect for effect in effects if isinstance(effect, Spell)]
    return Faults(seed, spells, [effect for effect in effects if isinstance(effect, Deed)])


def effects_of(fault: kinds.Fault, place: Building) -> Iterator[Spell | Deed]:
    """What one fault does, device by device.

    Raises:
        UnknownTargetError: It names something that it cannot befall.
    """
    if isinstance(fault, _OnSensors):
        for device in sensors_of(place, fault.who):
            yield from _on_sensor(fault, device)
    elif isinstance(fault, _OnLines):
        yield _on_line(fault)
    else:
        for device in mfps_of(place, fault.who):
            yield _unanswering(fault, device) if isinstance(fault, _Unanswering) else _deed(fault, device)


def kind_of(fault: kinds.Fault) -> str:
    """The scenario's word for a fault."""
    return str(type(fault).__struct_config__.tag)


def _on_sensor(fault: _OnSensors, device: str) -> Iterator[Spell]:
    kind, start_ms, end_ms = kind_of(fault), ms_of(fault.start), _end_ms(fault)
    match fault:
        case kinds.SensorDies():
            yield Spell(kind, "silent", device, start_ms, end_ms)
        case kinds.BatteryFades():
            yield Spell(kind, "fading", device, start_ms, end_ms)
            yield Spell(kind, "silent", device, end_ms)
        case kinds.AdvertsLost(share=share):
            yield Spell(kind, "lossy", device, start_ms, end_ms, share)


def _on_line(fault: _OnLines) -> Spell:
    share = fault.share if isinstance(fault, kinds.LineNoise | kinds.DuplicateDeliveries) else 1.0
    return Spell(kind_of(fault), _LINE_SENSES[type(fault)], EVERYTHING, ms_of(fault.start), _end_ms(fault), share)


def _unanswering(fault: _Unanswering, device: str) -> Spell:
    if isinstance(fault, kinds.MfpReboots):
        start_ms = ms_of(fault.at)
        return Spell(kind_of(fault), "unanswering", device, start_ms, start_ms + int(fault.lasts_s * SECOND_MS))
    return Spell(kind_of(fault), "unanswering", device, ms_of(fault.start), _end_ms(fault))


def _deed(fault: kinds.CounterReset | kinds.BoardSwap | kinds.MfpReplaced | kinds.CounterWraps, device: str) -> Deed:
    kind, at_ms = kind_of(fault), ms_of(fault.at)
    match fault:
        case kinds.CounterReset():
            return Deed(kind, device, at_ms, restart=Restart(at_ms, Counters()))
        case kinds.BoardSwap(count=count):
            return Deed(kind, device, at_ms, restart=Restart(at_ms, Counters(print_mono=count)))
        case kinds.MfpReplaced(serial=serial):
            return Deed(kind, device, at_ms, restart=new_printer(at_ms, serial), becomes=f"mfp-{serial}")
        case kinds.CounterWraps(bits=bits):
            return Deed(kind, device, at_ms, wrap=Wrap(at_ms, 2**bits))


def _end_ms(fault: _OnSensors | _OnLines | kinds.MfpAsleep) -> int:
    return FOREVER_MS if fault.end is None else ms_of(fault.end)
