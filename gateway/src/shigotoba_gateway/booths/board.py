"""The holds of one booth by name, and what an event makes of them.

The schedule gives the holds; each decision taken here since is an event played on top of them, in order. Played on a
newer schedule an event may meet another hold: somebody is in the booth, so occupancy wins and the other gives way.

Pure. Responsible for that arithmetic. Refuses to decide (see shigotoba_booth) and to remember.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from shigotoba_booth.decisions import CheckIn, Decision, End, Extend, NotInUse, Refused, Unchanged, WalkIn, after
from shigotoba_booth.holds import Hold, Policy, SecondPress
from shigotoba_booth.hours import Closed
from shigotoba_wire.booths import BoothEvent, BoothEventKind, BoothPolicy, ScheduledBooth, ScheduledHold

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Named:
    """A hold under its name of the schedule, or of the walk-in event that began it, with what a display may show."""

    name: str
    hold: Hold
    label: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """The holds of one booth, not overlapping."""

    holds: tuple[Named, ...]

    def plain(self) -> tuple[Hold, ...]:
        """The holds as the rules want them."""
        return tuple(named.hold for named in self.holds)

    def of(self, hold: Hold) -> Named | None:
        """The named hold that is ``hold``."""
        return next((named for named in self.holds if named.hold == hold), None)


def moment(at_ms: int) -> datetime:
    """UTC milliseconds as a moment."""
    return _EPOCH + timedelta(milliseconds=at_ms)


def in_ms(at: datetime) -> int:
    """A moment as UTC milliseconds."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def policy_of(policy: BoothPolicy) -> Policy:
    """The rules as the schedule's numbers say."""
    return Policy(
        default_walk_in=timedelta(seconds=policy.default_walk_in_s),
        shortest_walk_in=timedelta(seconds=policy.shortest_walk_in_s),
        early_check_in=timedelta(seconds=policy.early_check_in_s),
        grace=timedelta(seconds=policy.grace_s),
        second_press=SecondPress(policy.second_press),
        pause=timedelta(seconds=policy.pause_s),
        longest=None if policy.longest_s is None else timedelta(seconds=policy.longest_s),
    )


def closed_of(booth: ScheduledBooth) -> tuple[Closed, ...]:
    """When the booth is closed, as the schedule says; one that is older than closed spans knows until when at most."""
    if booth.closed or booth.closed_until_ms is None:
        return tuple(Closed(moment(span.start_ms), moment(span.end_ms)) for span in booth.closed)
    return (Closed(_EPOCH, moment(booth.closed_until_ms)),)


def board_of(booth: ScheduledBooth) -> Board:
    """The holds as the schedule says."""
    return Board(tuple(_named(hold) for hold in booth.holds))


def event_of(decision: Decision, board: Board, at: datetime) -> tuple[BoothEventKind, str, int | None]:
    """Kind, hold and ``until_ms`` of the event that a decision at ``at`` becomes; a walk-in has no name yet."""
    match decision:
        case WalkIn(_, until):
            return BoothEventKind.WALK_IN, "", in_ms(until)
        case CheckIn(hold, _):
            return BoothEventKind.CHECK_IN, _name(board, hold), in_ms(hold.end)
        case Extend(hold, until):
            return BoothEventKind.EXTEND, _name(board, hold), in_ms(until)
        case End(hold, _):
            return BoothEventKind.END, _name(board, hold), None
        case Refused(until) | Unchanged(Hold(end=until)):
            # What changes nothing is no extension: the use may have ended meanwhile, and must not be begun again by it.
            return BoothEventKind.REFUSED, _name_at(board, at), in_ms(until)
        case NotInUse():
            return BoothEventKind.NOT_IN_USE, "", None


def played(board: Board, event: BoothEvent, name: str) -> Board:
    """The holds after ``event``; ``name`` is the name of a walk-in that begins with it."""
    at = moment(event.at_ms)
    until = None if event.until_ms is None else moment(event.until_ms)
    known = next((named for named in board.holds if named.name == event.hold), None) if event.hold else None
    match event.kind:
        case BoothEventKind.WALK_IN if until is not None and until > at:
            return _taken(board, Named(name, Hold(at, until, checked_in=True, came_at=at)))
        case BoothEventKind.CHECK_IN | BoothEventKind.EXTEND if known is None and until is not None and until > at:
            # Its booking is gone from the schedule, but somebody sits there by it.
            return _taken(board, Named(event.hold, Hold(at, until, checked_in=True, came_at=at)))
        case BoothEventKind.CHECK_IN if known is not None:
            return _after(board, CheckIn(known.hold, at), known)
        case BoothEventKind.EXTEND if known is not None and until is not None and until > known.hold.start:
            longer = replace(known, hold=replace(known.hold, end=max(until, known.hold.end), checked_in=True))
            return _taken(board, longer)
        case BoothEventKind.END if known is not None:
            return _after(board, End(known.hold, min(at, known.hold.end)), known)
        case _:
            return board


def _named(hold: ScheduledHold) -> Named:
    made_at = None if hold.made_at_ms is None else moment(hold.made_at_ms)
    came_at = None if hold.came_at_ms is None else moment(hold.came_at_ms)
    start, end = moment(hold.start_ms), moment(hold.end_ms)
    times = Hold(start, end, checked_in=hold.checked_in, made_at=made_at, came_at=came_at)
    return Named(hold.hold, times, hold.label)


def _name(board: Board, hold: Hold) -> str:
    named = board.of(hold)
    return "" if named is None else named.name


def _name_at(board: Board, at: datetime) -> str:
    return next((named.name for named in board.holds if named.hold.start <= at < named.hold.end), "")


def _after(board: Board, decision: Decision, about: Named) -> Board:
    names = {named.hold: named for named in board.holds}
    holds = after(decision, board.plain())
    return Board(tuple(names.get(hold) or replace(about, hold=hold) for hold in holds))


def _taken(board: Board, use: Named) -> Board:
    """The board with ``use`` in it; what overlaps it keeps only the time after it."""
    others = (named for named in board.holds if named.name != use.name)
    return Board((*_giving_way(others, use.hold), use))


def _giving_way(others: Iterable[Named], use: Hold) -> Iterable[Named]:
    for named in others:
        if named.hold.end <= use.start or named.hold.start >= use.end:
            yield named
        elif named.hold.start < use.start:
            yield replace(named, hold=replace(named.hold, end=use.start))
        elif named.hold.end > use.end:
            yield replace(named, hold=replace(named.hold, start=use.end))
