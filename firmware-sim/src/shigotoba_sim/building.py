"""The building: its floors and spaces, and which device is fixed to each.

Responsible for identities (addresses, ids, serials) and for ``site.json``. Refuses to know who uses any of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Final

import msgspec

from shigotoba_sim.chance import Chance, chance_of
from shigotoba_sim.clock import ZONE, ZONE_NAME
from shigotoba_sim.floorplan import FLOORS, FloorPlan

SENSOR_KEEP_ALIVE_S: Final = 60.0
MFP_KEEP_ALIVE_S: Final = 600.0
"""The history's polling interval: the longest this site ever uses (the live drivers poll more often)."""

ROCKER_KEEP_ALIVE_S: Final = 7 * 86_400.0
"""A rocker without battery speaks only when pressed; a booth that nobody enters for weeks is worth a look."""

_OUI: Final = "54:48:E6"
_MODELS: Final = {"ricoh": "RICOH IM C4500", "sharp": "SHARP MX-3570N"}
_DIGITS: Final = {"ricoh": "C{:03d}R{:06d}", "sharp": "{:03d}{:06d}00"}


class Floor(msgspec.Struct, frozen=True):
    """A floor: code such as ``3f``, names to show, storey."""

    code: str
    name: str
    name_en: str
    level: int


class Space(msgspec.Struct, frozen=True):
    """A place on a floor.

    Attributes:
        code: Unique in the site, such as ``3f-s05``.
        floor: Code of its floor.
        kind: ``seat``, ``booth`` or ``equipment``.
        seat_type: For seats: ``window``, ``big_table``, ``family_booth`` or ``focus``.
        name: As the sign at the place says.
        capacity: People; 0 for equipment.
        x_m: Metres east of the floor's north-west corner.
        y_m: Metres south of it.
    """

    code: str
    floor: str
    kind: str
    seat_type: str | None
    name: str
    capacity: int
    x_m: float
    y_m: float


class SeatSensor(msgspec.Struct, frozen=True):
    """A BLE presence sensor at a seat or in a booth.

    Attributes:
        device: Identity, ``ble-`` and the address in lower case without colons.
        address: Bluetooth address, ``54:48:E6:..``.
        space: Code of the space it watches.
    """

    device: str
    address: str
    space: str


class Booth(msgspec.Struct, frozen=True):
    """A work booth with its presence sensor and its battery-less rocker.

    Attributes:
        space: Code of the booth.
        presence: Its sensor.
        button_id: EnOcean sender id of the rocker, eight hexadecimal digits in lower case.
    """

    space: str
    presence: SeatSensor
    button_id: str

    @property
    def button_device(self) -> str:
        """Identity of the rocker."""
        return f"enocean-{self.button_id}"


class Mfp(msgspec.Struct, frozen=True):
    """A multifunction printer: identity ``mfp-<serial>``, where it stands, and whose tables it speaks."""

    device: str
    serial: str
    place: str
    vendor: str
    model: str


class Building(msgspec.Struct, frozen=True, dict=True):
    """One site with everything that is fixed in it.

    Attributes:
        site: Code of the site.
        gateway: The gateway whose agents hear these devices.
        floors: From bottom to top.
        spaces: Every place, floor by floor: seats, booths, equipment.
        seats: One sensor per seat.
        booths: The work booths.
        mfps: The multifunction printers.
    """

    site: str
    gateway: str
    floors: tuple[Floor, ...]
    spaces: tuple[Space, ...]
    seats: tuple[SeatSensor, ...]
    booths: tuple[Booth, ...]
    mfps: tuple[Mfp, ...]

    @cached_property
    def by_code(self) -> dict[str, Space]:
        """The spaces by their codes."""
        return {space.code: space for space in self.spaces}

    def of_kind(self, kind: str) -> tuple[Space, ...]:
        """The spaces of one kind."""
        return tuple(space for space in self.spaces if space.kind == kind)

    @cached_property
    def sensors(self) -> tuple[SeatSensor, ...]:
        """Every BLE presence sensor: those of the seats, then those of the booths."""
        return self.seats + tuple(booth.presence for booth in self.booths)


def building(seed: int, site: str, gateway: str) -> Building:
    """The building that ``seed`` names; the same seed gives the same identities."""
    addresses = _addresses(chance_of(seed, "addresses"))
    buttons = _buttons(chance_of(seed, "buttons"))
    spaces = tuple(space for plan in FLOORS for space in _spaces(plan))
    sensors = {space.code: _sensor(next(addresses), space.code) for space in spaces if space.kind != "equipment"}
    makes = [make for plan in FLOORS for _x, _y, make in plan.mfps]
    places = [space.code for space in spaces if space.kind == "equipment"]
    serials = chance_of(seed, "serials")
    return Building(
        site=site,
        gateway=gateway,
        floors=tuple(Floor(f"{plan.level}f", f"{plan.level}階", f"{plan.level}F", plan.level) for plan in FLOORS),
        spaces=spaces,
        seats=tuple(sensors[space.code] for space in spaces if space.kind == "seat"),
        booths=tuple(
            Booth(space.code, sensors[space.code], next(buttons)) for space in spaces if space.kind == "booth"
        ),
        mfps=tuple(_mfp(serials, place, make) for place, make in zip(places, makes, strict=True)),
    )


def site_file(place: Building, opened_on: date) -> dict[str, Any]:
    """The content of ``site.json``: the site, its floors, spaces and devices, assigned from ``opened_on``."""
    return {
        "site": {"code": place.site, "name": "本庁舎", "name_en": "Main Building", "time_zone": ZONE_NAME},
        "floors": [msgspec.structs.asdict(floor) for floor in place.floors],
        "spaces": [_space_row(space) for space in place.spaces],
        "devices": list(_device_rows(place)),
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
    for number, (x_m, y_m, _make) in enumerate(plan.mfps, start=1):
        yield Space(f"{floor}-p{number}", floor, "equipment", None, f"{plan.level}階複合機{number}", 0, x_m, y_m)


def _addresses(chance: Chance) -> Iterator[str]:
    seen: set[int] = set()
    while True:
        tail = chance.randrange(1 << 24)
        if tail not in seen:
            seen.add(tail)
            yield f"{_OUI}:{tail >> 16:02X}:{tail >> 8 & 0xFF:02X}:{tail & 0xFF:02X}"


def _buttons(chance: Chance) -> Iterator[str]:
    # Consecutive ids, as rockers out of one carton have.
    first = chance.randrange(0x0029_0000, 0x0040_0000)
    return (f"{first + 3 * number:08x}" for number in range(1 << 16))


def _sensor(address: str, space: str) -> SeatSensor:
    return SeatSensor("ble-" + address.replace(":", "").lower(), address, space)


def _mfp(chance: Chance, place: str, make: str) -> Mfp:
    serial = _DIGITS[make].format(chance.randrange(100, 1000), chance.randrange(1_000_000))
    return Mfp(f"mfp-{serial}", serial, place, make, _MODELS[make])


def _space_row(space: Space) -> dict[str, Any]:
    row = msgspec.structs.asdict(space)
    row["x"], row["y"] = row.pop("x_m"), row.pop("y_m")
    return row


def _device_rows(place: Building) -> Iterator[dict[str, Any]]:
    for sensor in place.seats:
        yield _device_row(sensor.device, "seat_sensor", sensor.space, SENSOR_KEEP_ALIVE_S)
    for booth in place.booths:
        yield _device_row(booth.presence.device, "booth_sensor", booth.space, SENSOR_KEEP_ALIVE_S)
        yield _device_row(booth.button_device, "booth_button", booth.space, ROCKER_KEEP_ALIVE_S)
    for mfp in place.mfps:
        yield _device_row(mfp.device, "mfp", mfp.place, MFP_KEEP_ALIVE_S)


def _device_row(code: str, kind: str, space: str, keep_alive_s: float) -> dict[str, Any]:
    return {"code": code, "kind": kind, "space": space, "keep_alive_s": keep_alive_s}
