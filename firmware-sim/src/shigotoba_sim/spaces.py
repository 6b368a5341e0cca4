"""A floor and a place on it, as values.

Responsible for their shapes. Refuses to lay them out (see ``floorplan`` and ``building``).
"""

from __future__ import annotations

import msgspec


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
