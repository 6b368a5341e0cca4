"""Who has a say over a space: the plan, or somebody who was told to sit or leave there.

Three grips. FREE: the plan decides. HELD: somebody was told to sit; the plan's people find it taken and go elsewhere,
so nothing they would have done there happens. CLEARED: whoever sat was told to leave; vacant until the plan brings
somebody new.

Responsible for that rule. Refuses to know when commands were given (see ``timeline``).
"""

from __future__ import annotations

import enum
from typing import Final

import msgspec

from shigotoba_sim.commands import Leave, Sit
from shigotoba_sim.plan.events import Presence, Press


class Grip(enum.Enum):
    """Who decides."""

    FREE = "free"
    HELD = "held"
    CLEARED = "cleared"


class Hold(msgspec.Struct, frozen=True):
    """The state of one space: who decides, and whether it is occupied."""

    grip: Grip
    occupied: bool


UNTOUCHED: Final = Hold(Grip.FREE, occupied=False)
"""A space that nobody ever gave a command for; whether it is occupied does not matter to the rule then."""


def after(hold: Hold, happening: Sit | Leave | Presence | Press) -> tuple[Hold, Presence | Press | None]:
    """The state after a command or an event of the plan, and what of it shows, if anything."""
    if isinstance(happening, Sit | Leave):
        return _commanded(hold, happening)
    if hold.grip is Grip.FREE:
        occupied = happening.occupied if isinstance(happening, Presence) else hold.occupied
        return Hold(Grip.FREE, occupied), happening
    if hold.grip is Grip.CLEARED and isinstance(happening, Presence) and happening.occupied:
        return Hold(Grip.FREE, occupied=True), happening
    return hold, None


def _commanded(hold: Hold, command: Sit | Leave) -> tuple[Hold, Presence | None]:
    sits = isinstance(command, Sit)
    held = Hold(Grip.HELD if sits else Grip.CLEARED, sits)
    return held, None if hold.occupied == sits else Presence(command.at_ms, command.space, sits)
