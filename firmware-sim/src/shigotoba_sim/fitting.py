"""Which device is fixed where: kinds from the floor plan, identities from the seed.

Responsible for addresses, ids and serials. Addresses are drawn for every space, whether it needs one or not, so that a
seat has the same one in every building of the same seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, cycle
from typing import Final, Literal

from shigotoba_sim.chance import Chance, chance_of
from shigotoba_sim.devices import (
    ENOCEAN_KINDS,
    WIRED_INPUTS_PER_BOOTH,
    Booth,
    Make,
    Mfp,
    SeatSensor,
    SensorKind,
    ble_device,
    enocean_device,
    wired_device,
)
from shigotoba_sim.floorplan import BOOTH_FITS, SEAT_KINDS, BoothFit, FloorPlan
from shigotoba_sim.spaces import Space

Devices = Literal["spine", "all"]
"""``spine``: BTHome sensors, rockers, printers of two makes. ``all``: every kind there is, at the same places."""

_OUI: Final = "54:48:E6"
_MODELS: Final[dict[Make, str]] = {
    "ricoh": "RICOH IM C4500",
    "sharp": "SHARP MX-3570N",
    "canon": "Canon iR-ADV C5550",
    "fujifilm": "FUJIFILM Apeos C3570",
    "konica_minolta": "KONICA MINOLTA bizhub C360i",
    "kyocera": "TASKalfa 2554ci",
    "standard": "Network Printer",
    "pwg": "Network Printer with PWG counters",
}
_DIGITS: Final[dict[Make, str]] = {
    "ricoh": "C{:03d}R{:06d}",
    "sharp": "{:03d}{:06d}00",
    "canon": "XV{:03d}{:06d}",
    "fujifilm": "{:03d}-{:06d}",
    "konica_minolta": "AA2J{:03d}{:06d}",
    "kyocera": "W{:03d}P{:06d}",
    "standard": "N{:03d}{:06d}",
    "pwg": "P{:03d}{:06d}",
}


class _Pool:
    """What devices may call themselves; each name is given out once."""

    def __init__(self, seed: int) -> None:
        self.addresses = _addresses(chance_of(seed, "addresses"))
        self.button_addresses = _addresses(chance_of(seed, "button addresses"))
        # Consecutive ids, as rockers out of one carton have.
        self.rocker_ids = (f"{number:08x}" for number in count(_first_rocker(seed), 3))
        self.sender_ids = (f"{number:08x}" for number in count(_first_sender(seed), 7))
        self.inputs = (str(number) for number in count(0, WIRED_INPUTS_PER_BOOTH))


def fitted(seed: int, spaces: Sequence[Space], devices: Devices) -> tuple[tuple[SeatSensor, ...], tuple[Booth, ...]]:
    """The sensors of the seats and the booths with what is in them, in the order of ``spaces``."""
    pool = _Pool(seed)
    kinds = cycle(SEAT_KINDS if devices == "all" else ("bthome",))
    fits = cycle(BOOTH_FITS if devices == "all" else (BoothFit(),))
    seats: list[SeatSensor] = []
    booths: list[Booth] = []
    for space in spaces:
        address = next(pool.addresses)
        if space.kind == "seat":
            seats.append(_sensor(next(kinds), space.code, address, pool))
        else:
            booths.append(_booth(next(fits), space.code, address, pool))
    return tuple(seats), tuple(booths)


def fitted_mfps(seed: int, floors: Sequence[FloorPlan], devices: Devices) -> tuple[Mfp, ...]:
    """The printers: those of the spine, floor by floor, then those that only a building with all kinds has."""
    spine = _mfps(chance_of(seed, "serials"), [each for plan in floors for each in _places(plan)[: len(plan.mfps)]])
    if devices == "spine":
        return spine
    more = [each for plan in floors for each in _places(plan)[len(plan.mfps) :]]
    return spine + _mfps(chance_of(seed, "more serials"), more)


def _places(plan: FloorPlan) -> list[tuple[str, Make]]:
    """Place and make of every printer that a floor may have."""
    return [
        (f"{plan.level}f-p{number}", make) for number, (_x, _y, make) in enumerate(plan.mfps + plan.more_mfps, start=1)
    ]


def _mfps(chance: Chance, places: Sequence[tuple[str, Make]]) -> tuple[Mfp, ...]:
    return tuple(_mfp(chance, place, make) for place, make in places)


def _mfp(chance: Chance, place: str, make: Make) -> Mfp:
    serial = _DIGITS[make].format(chance.randrange(100, 1000), chance.randrange(1_000_000))
    return Mfp(f"mfp-{serial}", serial, place, make, _MODELS[make])


def _sensor(kind: SensorKind, space: str, address: str, pool: _Pool) -> SeatSensor:
    if kind in ENOCEAN_KINDS:
        sender_id = next(pool.sender_ids)
        return SeatSensor(enocean_device(sender_id), sender_id, space, kind)
    if kind == "wired":
        first_input = next(pool.inputs)
        return SeatSensor(wired_device(first_input), first_input, space, kind)
    return SeatSensor(ble_device(address), address, space, kind)


def _booth(fit: BoothFit, space: str, address: str, pool: _Pool) -> Booth:
    rocker_id = next(pool.rocker_ids)
    presence = _sensor(fit.presence, space, address, pool)
    door = next(pool.sender_ids) if fit.door else ""
    match fit.button:
        case "rocker":
            button_id = rocker_id
        case "linking":
            button_id = next(pool.button_addresses)
        case "wired":
            # The button is wired beside the presence sensor of its booth.
            button_id = str(int(presence.address) + 1)
    return Booth(space, presence, button_id, fit.button, door)


def _addresses(chance: Chance) -> Iterator[str]:
    seen: set[int] = set()
    while True:
        tail = chance.randrange(1 << 24)
        if tail not in seen:
            seen.add(tail)
            yield f"{_OUI}:{tail >> 16:02X}:{tail >> 8 & 0xFF:02X}:{tail & 0xFF:02X}"


def _first_rocker(seed: int) -> int:
    return chance_of(seed, "buttons").randrange(0x0029_0000, 0x0040_0000)


def _first_sender(seed: int) -> int:
    return chance_of(seed, "sender ids").randrange(0x0502_0000, 0x0510_0000)
