"""The building: its floors and spaces, the devices in them, and ``site.json``, which describes both.

Responsible for what is there. Refuses to know who uses any of it; which device is fixed where is ``fitting``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Final

import msgspec

from shigotoba_sim.clock import ZONE, ZONE_NAME
from shigotoba_sim.devices import Booth, Mfp, SeatSensor
from shigotoba_sim.fitting import Devices, fitted, fitted_mfps
from shigotoba_sim.floorplan import SEATS, FloorPlan, floors_for
from shigotoba_sim.spaces import Floor, Space

__all__ = ["Booth", "Building", "Floor", "Mfp", "SeatSensor", "Space", "building", "site_file"]

SENSOR_KEEP_ALIVE_S: Final = 60.0
MFP_KEEP_ALIVE_S: Final = 600.0
"""The history's polling interval: the longest this site ever uses (the live drivers poll more often)."""

ROCKER_KEEP_ALIVE_S: Final = 7 * 86_400.0
"""A rocker without battery speaks only when pressed; a booth that nobody enters for weeks is worth a look."""

CONTACT_KEEP_ALIVE_S: Final = 1500.0
"""A solar contact repeats its state about every 25 minutes."""


class Building(msgspec.Struct, frozen=True, dict=True):
    """One site with everything that is fixed in it.

    Attributes:
        site: Code of the site.
        gateway: The gateway whose agents hear these devices.
        floors: From bottom to top.
        spaces: Every place, floor by floor: seats, booths, equipment.
        seats: One sensor per seat, in the order of the seats.
        booths: The work booths.
        mfps: The multifunction printers.
        keep_alive_s: How often a presence sensor at least tells its state, in seconds.
    """

    site: str
    gateway: str
    floors: tuple[Floor, ...]
    spaces: tuple[Space, ...]
    seats: tuple[SeatSensor, ...]
    booths: tuple[Booth, ...]
    mfps: tuple[Mfp, ...]
    keep_alive_s: float = SENSOR_KEEP_ALIVE_S

    @cached_property
    def by_code(self) -> dict[str, Space]:
        """The spaces by their codes."""
        return {space.code: space for space in self.spaces}

    def of_kind(self, kind: str) -> tuple[Space, ...]:
        """The spaces of one kind."""
        return tuple(space for space in self.spaces if space.kind == kind)

    @cached_property
    def mfps_on(self) -> dict[str, list[Mfp]]:
        """The printers of each floor, by its code."""
        on: dict[str, list[Mfp]] = {floor.code: [] for floor in self.floors}
        for mfp in self.mfps:
            on[self.by_code[mfp.place].floor].append(mfp)
        return on

    @property
    def mfp_keep_alive_s(self) -> float:
        """How often a printer is asked at least, in seconds."""
        return max(MFP_KEEP_ALIVE_S, self.keep_alive_s)

    @cached_property
    def sensors(self) -> tuple[SeatSensor, ...]:
        """Every presence sensor: those of the seats, then those of the booths."""
        return self.seats + tuple(booth.presence for booth in self.booths)


def building(
    seed: int,
    site: str,
    gateway: str,
    devices: Devices = "spine",
    seats: int = SEATS,
    keep_alive_s: float = SENSOR_KEEP_ALIVE_S,
) -> Building:
    """The building that ``seed`` names; the same seed gives the same identities, whichever ``devices`` it has."""
    plans = floors_for(seats)
    floors = plans if devices == "all" else tuple(msgspec.structs.replace(plan, more_mfps=()) for plan in plans)
    spaces = tuple(space for plan in floors for space in _spaces(plan))
    at_seats, booths = fitted(seed, [space for space in spaces if space.kind != "equipment"], devices)
    return Building(
        site=site,
        gateway=gateway,
        floors=tuple(Floor(f"{plan.level}f", f"{plan.level}階", f"{plan.level}F", plan.level) for plan in plans),
        spaces=spaces,
        seats=at_seats,
        booths=booths,
        mfps=fitted_mfps(seed, plans, devices),
        keep_alive_s=keep_alive_s,
    )


def site_file(place: Building, opened_on: date, replacements: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """The content of ``site.json``: the site, its floors, spaces and devices, assigned from ``opened_on``.

    Args:
        place: The building.
        opened_on: First day, in Japan.
        replacements: Printers and the devices that will take their places some day; those are listed from the start.
    """
    places = {mfp.device: mfp.place for mfp in place.mfps}
    later = [_device_row(new, "mfp", places[old], place.mfp_keep_alive_s) for old, new in replacements]
    return {
        "site": {"code": place.site, "name": "本庁舎", "name_en": "Main Building", "time_zone": ZONE_NAME},
        "floors": [msgspec.structs.asdict(floor) for floor in place.floors],
        "spaces": [_space_row(space) for space in place.spaces],
        "devices": [*_device_rows(place), *later],
        "assigned_from": datetime.combine(opened_on, time(), tzinfo=ZONE).isoformat(),
    }


def _spaces(plan: FloorPlan) -> Iterator[Space]:
    floor = f"{plan.level}f"
    spots = [(row.seat_type, row.x_m + i * row.pitch_m, row.y_m) for row in plan.rows for i in range(row.seats)]
    for number, (seat_type, x_m, y_m) in enumerate(spots, start=1):
        name = f"{plan.level}-{number:02d}"
        yield Space(f"{floor}-s{number:02d}", floor, "seat", seat_type, name, 1, round(x_m, 2), y_m)
    for number, (x_m, y_m) in enumerate(plan.booths, start=1):
        yield Space(f"{floor}-b{number}", floor, "booth", None, f"{plan.level}階ブース{number}", 1, x_m, y_m)
    for number, (x_m, y_m, _make) in enumerate(plan.mfps + plan.more_mfps, start=1):
        yield Space(f"{floor}-p{number}", floor, "equipment", None, f"{plan.level}階複合機{number}", 0, x_m, y_m)


def _space_row(space: Space) -> dict[str, Any]:
    row = msgspec.structs.asdict(space)
    row["x"], row["y"] = row.pop("x_m"), row.pop("y_m")
    return row


def _device_rows(place: Building) -> Iterator[dict[str, Any]]:
    for sensor in place.seats:
        yield _device_row(sensor.device, "seat_sensor", sensor.space, place.keep_alive_s)
    for booth in place.booths:
        yield _device_row(booth.presence.device, "booth_sensor", booth.space, place.keep_alive_s)
        yield _device_row(booth.button_device, "booth_button", booth.space, ROCKER_KEEP_ALIVE_S)
        if booth.door:
            yield _device_row(booth.door_device, "booth_sensor", booth.space, CONTACT_KEEP_ALIVE_S)
    for mfp in place.mfps:
        yield _device_row(mfp.device, "mfp", mfp.place, place.mfp_keep_alive_s)


def _device_row(code: str, kind: str, space: str, keep_alive_s: float) -> dict[str, Any]:
    return {"code": code, "kind": kind, "space": space, "keep_alive_s": keep_alive_s}
