"""Whom a fault befalls: names of devices, spaces or floors, as devices.

Responsible for finding them. Refuses names that mean nothing, and says what would have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shigotoba_sim.building import Building


class UnknownTargetError(Exception):
    """A name means no device that the fault can befall; the message says which and what could be named."""


def sensors_of(place: Building, who: Iterable[str]) -> list[str]:
    """The presence sensors and buttons that ``who`` means; all of them for no name at all."""
    at = [(sensor.device, sensor.space) for sensor in place.sensors]
    at += [(booth.button_device, booth.space) for booth in place.booths]
    return _found(place, at, list(who))


def mfps_of(place: Building, who: Iterable[str]) -> list[str]:
    """The printers that ``who`` means; all of them for no name at all."""
    return _found(place, [(mfp.device, mfp.place) for mfp in place.mfps], list(who))


def _found(place: Building, at: Sequence[tuple[str, str]], who: list[str]) -> list[str]:
    if not who:
        return [device for device, _space in at]
    found: dict[str, None] = {}
    for name in who:
        meant = [device for device, space in at if name in (device, space, place.by_code[space].floor)]
        if not meant:
            raise UnknownTargetError(f"{name!r} means no such device. Name one, its place or a floor: {_some(at)}")
        found.update(dict.fromkeys(meant))
    return list(found)


def _some(at: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{space} ({device})" for device, space in at[:3]) + ", ..."
