"""How states look: a shape, a word, and a class for the colour, so that no state hangs on colour alone.

Responsible for these three. Refuses the rules behind the states.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from shigotoba_backend.texts import message


class Sign(NamedTuple):
    """A state for the eyes and for the ears.

    Attributes:
        shape: One character, different for each state.
        word: The message that names it.
        look: Class in the style sheet.
    """

    shape: str
    word: str
    look: str


SIGNS: Final[Mapping[str, Sign]] = {
    "free": Sign("○", message("Free"), "free"),
    "soon": Sign("△", message("Free for a short while"), "soon"),
    "booked": Sign("◇", message("Booked"), "booked"),
    "in_use": Sign("●", message("In use"), "used"),
    "closed": Sign("×", message("Closed"), "closed"),
    "unknown": Sign("?", message("Unknown"), "unknown"),
    "occupied": Sign("●", message("In use"), "used"),
    "vacant": Sign("○", message("Free"), "free"),
    "mine": Sign("★", message("Yours"), "mine"),
    "held": Sign("◇", message("Booked"), "booked"),
    "offered": Sign("☆", message("Offered to you"), "mine"),
    "checked_in": Sign("●", message("In use"), "used"),
    "ended": Sign("✓", message("Over"), "closed"),
    "released": Sign("↺", message("Released, nobody checked in"), "closed"),
    "cancelled": Sign("×", message("Cancelled"), "closed"),
}
"""Sign by state."""

SEAT_TYPES: Final[Mapping[str, str]] = {
    "focus": message("Focus seat"),
    "big_table": message("Big table"),
    "window": message("Window seat"),
    "family_booth": message("Diner booth"),
    "": message("Other seats"),
}
"""Name by kind of seat."""
