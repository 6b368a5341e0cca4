"""What the display beside a booth shows at a moment.

Pure. Responsible for the state in one word and for how long it lasts. Refuses to publish.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from shigotoba_booth.holds import Hold, Policy, lapses_at, stands
from shigotoba_booth.hours import closed_until, closes_at
from shigotoba_gateway.booths.board import Board, Named, closed_of, in_ms
from shigotoba_wire.booths import BoothDisplay, BoothEvent, BoothState, ScheduledBooth


class Seen(msgspec.Struct, frozen=True):
    """What is known beside the holds: the last answer given at the door, and what sensors say."""

    answered: BoothEvent | None = None
    somebody: bool | None = None


def display_of(
    booth: ScheduledBooth, board: Board, policy: Policy, seen: Seen, now: datetime, stale: bool
) -> BoothDisplay:
    """The display of ``booth`` at ``now``."""
    standing = sorted((named for named in board.holds if stands(named.hold, now, policy)), key=_start)
    current = next((named for named in standing if named.hold.start <= now), None)
    following = next((named for named in standing if named.hold.start > now), None)
    state, until = _state(booth, current, following, policy, now)
    return BoothDisplay(
        booth=booth.booth,
        name=booth.name,
        state=state,
        at_ms=in_ms(now),
        until_ms=until,
        next_ms=None if following is None else in_ms(following.hold.start),
        label="" if current is None or state is BoothState.CLOSED else current.label,
        answer=None if seen.answered is None else seen.answered.kind,
        answered_at_ms=None if seen.answered is None else seen.answered.at_ms,
        somebody=seen.somebody,
        stale=stale,
    )


def _start(named: Named) -> datetime:
    return named.hold.start


def _state(
    booth: ScheduledBooth, current: Named | None, following: Named | None, policy: Policy, now: datetime
) -> tuple[BoothState, int | None]:
    closed = closed_of(booth)
    opens, closes = closed_until(now, closed), closes_at(now, closed)
    if opens is not None:
        return BoothState.CLOSED, in_ms(opens)
    if current is not None:
        return _held(current.hold, policy)
    ends = [closes] if following is None else [closes, following.hold.start - policy.pause]
    return BoothState.FREE, min((in_ms(each) for each in ends if each is not None), default=None)


def _held(hold: Hold, policy: Policy) -> tuple[BoothState, int]:
    lapses = lapses_at(hold, policy)
    return (BoothState.IN_USE, in_ms(hold.end)) if lapses is None else (BoothState.WAITING, in_ms(lapses))
