"""A run of presses played through the rules: what the booth's holds are after them.

The outcome depends on the set of presses alone, not on the order they arrive in nor on how often each is delivered, so
late and repeated deliveries are mended by playing again. Without bookings, presses at least ``Policy.default_walk_in``
apart cannot influence each other, so it is enough to play the run around a late one.

Responsible for playing. Refuses to remember.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shigotoba_booth.decisions import Side, after, decide_press
from shigotoba_booth.holds import Hold, Policy, settled


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a booth's button.

    Attributes:
        at: When.
        side: Which half.
    """

    at: datetime
    side: Side


def play(presses: Iterable[Press], holds: Sequence[Hold], policy: Policy) -> tuple[Hold, ...]:
    """The holds of a booth after ``presses``, by start.

    Args:
        presses: In any order, repeats allowed. Of two at the same instant, entering counts first.
        holds: The bookings as they were before the first press.
        policy: The rules in force.
    """
    for press in sorted(set(presses), key=lambda press: (press.at, press.side.value)):
        holds = settled(holds, press.at, policy)
        holds = after(decide_press(press.side, press.at, holds, policy), holds)
    return tuple(sorted(holds, key=lambda hold: hold.start))
