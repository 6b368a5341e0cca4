"""A run of presses played through the rules: what the booth's holds are after them.

The outcome depends on the set of presses alone, not on the order they arrive in nor on how often each is delivered, so
late and repeated deliveries are mended by playing again, and it is enough to play the run around them.

Responsible for playing, and for how far a press can matter. Refuses to remember.
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
    past: list[Hold] = []
    for press in _in_order(presses):
        holds = settled(holds, press.at, policy)
        past += [hold for hold in holds if hold.end <= press.at]
        holds = [hold for hold in holds if hold.end > press.at]
        holds = after(decide_press(press.side, press.at, holds, policy), holds)
    return tuple(sorted((*past, *holds), key=lambda hold: hold.start))


def run_around(presses: Iterable[Press], first: datetime, last: datetime, policy: Policy) -> tuple[datetime, datetime]:
    """The stretch that presses in a given one can matter to, where there are no bookings.

    A press is cut off from earlier ones by a leave, after which nobody is in, and by a silence of a default walk-in,
    after which every use is over. Outside the stretch, playing it or not makes no difference.

    Args:
        presses: All that there are, from a default walk-in before the answer's begin until one after its end.
        first: The first moment of the given stretch.
        last: Its last moment, included.
        policy: The rules in force.

    Returns:
        Its two ends, both included.
    """
    ordered = _in_order(presses)
    begin, end = first, last
    for press in reversed([press for press in ordered if press.at < first]):
        if press.side is Side.LEAVE or begin - press.at >= policy.default_walk_in:
            break
        begin = press.at
    for press in (press for press in ordered if press.at > last):
        if press.at - end >= policy.default_walk_in:
            break
        end = press.at
        if press.side is Side.LEAVE:
            break
    return begin, end


def _in_order(presses: Iterable[Press]) -> list[Press]:
    return sorted(set(presses), key=lambda press: (press.at, press.side.value))
