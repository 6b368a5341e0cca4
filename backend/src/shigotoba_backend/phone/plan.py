"""A floor as a picture: where each place stands, in the units of an SVG.

The picture is for the eyes; beside it stands a list with the same content. Responsible for the geometry. Refuses
states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

_WIDTH: Final = 360.0
_SIGN: Final = 44.0
_MARGIN: Final = 30.0
_LEAST_HEIGHT: Final = 90.0


class Placed(Protocol):
    """Something with a place on the floor, in metres."""

    @property
    def x(self) -> float:
        """From the left."""
        ...

    @property
    def y(self) -> float:
        """From the top."""
        ...


Thing = TypeVar("Thing", bound=Placed)


@dataclass(frozen=True)
class Plan:
    """A picture.

    Attributes:
        width: Of the picture, in its own units.
        height: Likewise.
        sign: Side of a sign; on a phone of 360 px it is 44 px, to be tapped.
        places: Left and top of each sign, in the order asked for.
    """

    width: float
    height: float
    sign: float
    places: list[tuple[float, float]]


def plan_of(things: Sequence[Placed]) -> Plan:
    """The picture of some places; they keep their order and their sides, and do not overlap within a row."""
    if not things:
        return Plan(_WIDTH, _LEAST_HEIGHT, _SIGN, [])
    left, right = min(each.x for each in things), max(each.x for each in things)
    top, bottom = min(each.y for each in things), max(each.y for each in things)
    scale = (_WIDTH - 2 * _MARGIN) / max(right - left, 1.0)
    height = max(_LEAST_HEIGHT, (bottom - top) * scale + 2 * _MARGIN)
    centres = [(_MARGIN + (each.x - left) * scale, _MARGIN + (each.y - top) * scale) for each in things]
    return Plan(
        _WIDTH, round(height, 1), _SIGN, [(round(x - _SIGN / 2, 1), round(y - _SIGN / 2, 1)) for x, y in centres]
    )
