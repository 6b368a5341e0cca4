"""Where the seats, booths and printers of each floor stand, in metres from its north-west corner.

The four seat types are those that Ohmi-Hachiman lets its staff choose from by task: window counter, big table, family
booth and focus seat. Data only; what stands there is made in ``building``.

A building may be equipped in two ways: ``spine``, the few kinds of devices of the demo, and ``all``, the same seats,
booths and first printers, but with every kind of device an office may have.
"""

from __future__ import annotations

from typing import Final

import msgspec

from shigotoba_sim.devices import ButtonKind, Make, SensorKind


class Row(msgspec.Struct, frozen=True):
    """Seats of one type in a line from west to east.

    Attributes:
        seat_type: ``window``, ``big_table``, ``family_booth`` or ``focus``.
        x_m: Of the first seat, metres east.
        y_m: Of all its seats, metres south.
        seats: How many.
        pitch_m: Distance from seat to seat.
    """

    seat_type: str
    x_m: float
    y_m: float
    seats: int
    pitch_m: float


class FloorPlan(msgspec.Struct, frozen=True):
    """One floor; its seats are numbered in the order of the rows.

    Attributes:
        level: Storey.
        rows: The seats.
        booths: Position of each work booth.
        mfps: Position and make of each multifunction printer.
        more_mfps: Those that only a building with all kinds of devices has.
    """

    level: int
    rows: tuple[Row, ...]
    booths: tuple[tuple[float, float], ...]
    mfps: tuple[tuple[float, float, Make], ...]
    more_mfps: tuple[tuple[float, float, Make], ...]


FLOORS: Final = (
    FloorPlan(
        level=3,
        rows=(
            Row("window", 2.0, 1.2, 5, 1.6),
            Row("big_table", 2.6, 4.6, 3, 1.8),
            Row("big_table", 2.6, 6.6, 3, 1.8),
            Row("family_booth", 11.0, 4.6, 2, 2.0),
            Row("family_booth", 11.0, 6.6, 2, 2.0),
            Row("focus", 16.4, 1.8, 5, 2.2),
        ),
        booths=((17.0, 6.2), (19.6, 6.2), (22.2, 6.2), (24.8, 6.2)),
        mfps=((3.0, 10.2, "ricoh"), (13.0, 10.2, "sharp")),
        more_mfps=((15.0, 10.2, "canon"), (17.0, 10.2, "fujifilm"), (19.0, 10.2, "pwg")),
    ),
    FloorPlan(
        level=4,
        rows=(
            Row("focus", 2.0, 1.8, 4, 2.2),
            Row("focus", 2.0, 4.4, 4, 2.2),
            Row("window", 13.0, 1.2, 4, 1.6),
            Row("big_table", 13.4, 4.6, 2, 1.8),
            Row("big_table", 13.4, 6.6, 2, 1.8),
            Row("family_booth", 19.6, 4.6, 2, 2.0),
            Row("family_booth", 19.6, 6.6, 2, 2.0),
        ),
        booths=((2.4, 8.4), (5.0, 8.4), (7.6, 8.4), (10.2, 8.4)),
        mfps=((15.0, 10.2, "ricoh"),),
        more_mfps=((17.0, 10.2, "konica_minolta"), (19.0, 10.2, "kyocera"), (21.0, 10.2, "standard")),
    ),
)

SEATS_PER_FLOOR: Final = 20
SEATS: Final = SEATS_PER_FLOOR * len(FLOORS)


def floors_for(seats: int) -> tuple[FloorPlan, ...]:
    """The floors of a building with so many ``seats``: the two that there are, over and over, storey by storey."""
    first = FLOORS[0].level
    return tuple(
        msgspec.structs.replace(FLOORS[number % len(FLOORS)], level=first + number)
        for number in range(-(-seats // SEATS_PER_FLOOR))
    )


SEAT_KINDS: Final[tuple[SensorKind, ...]] = (
    "bthome",
    "bthome_encrypted",
    "linking",
    "bthome_encrypted",
    "mibeacon",
    "enocean_pir",
    "bthome",
    "bthome_encrypted",
    "linking",
    "enocean_motion",
)
"""Kinds of sensors at the seats of a building with all kinds, over and over in the order of the seats."""


class BoothFit(msgspec.Struct, frozen=True):
    """What a booth is equipped with.

    Attributes:
        presence: Kind of its presence sensor.
        button: ``rocker``, ``linking`` or ``wired``.
        door: Whether a contact watches its door.
    """

    presence: SensorKind = "bthome"
    button: ButtonKind = "rocker"
    door: bool = False


BOOTH_FITS: Final = (
    BoothFit(door=True),
    BoothFit(presence="bthome_encrypted"),
    BoothFit(presence="linking", button="linking"),
    BoothFit(presence="enocean_pir"),
    BoothFit(presence="wired", button="wired"),
    BoothFit(presence="wired", button="wired", door=True),
    BoothFit(presence="mibeacon"),
    BoothFit(),
)
"""The booths of a building with all kinds, in their order."""
