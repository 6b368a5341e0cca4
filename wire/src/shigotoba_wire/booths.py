"""Booths between backend and gateway: the schedule down, what happened up, what a display beside the door shows.

The schedule is retained and whole: each replaces the last. What happened is numbered by the gateway within its epoch,
kept until receipted, and said again after a loss; (epoch, number) is its name, so that twice has one effect. The
schedule tells up to which number it already reflects what happened, so a gateway knows which of its own decisions
still have to be played on top of it.

Responsible for the messages. Refuses to decide anything (see shigotoba_booth) and to name people: a label is what the
office lets a display show.
"""

from __future__ import annotations

import enum
from typing import Annotated, Final, Literal

import msgspec

from shigotoba_wire.decoding import decode_message
from shigotoba_wire.errors import MessageError, Refusal
from shigotoba_wire.receipts import SequenceNumber

Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]
MAX_EVENTS: Final = 500
"""More in one message are refused: a commit must stay short."""


class BoothPolicy(msgspec.Struct, frozen=True):
    """The rules of an office for its booths, as numbers; ``shigotoba_booth.holds.Policy`` says what each means."""

    default_walk_in_s: Seconds = 3600.0
    shortest_walk_in_s: Seconds = 300.0
    early_check_in_s: Seconds = 300.0
    grace_s: Seconds = 600.0
    presence_checks_in: bool = True
    second_press: Literal["extend", "end", "nothing"] = "extend"
    pause_s: Seconds = 0.0
    longest_s: Seconds | None = None


class ScheduledHold(msgspec.Struct, frozen=True):
    """A booking or a use of a booth.

    Attributes:
        hold: Opaque name, unique in the site for ever; it says nothing about the person.
        start_ms: When it begins, UTC milliseconds.
        end_ms: When it is over; the instant itself is free.
        checked_in: Whether somebody has come: a booking in use, or a walk-in.
        made_at_ms: When it was booked; None for well before its start.
        label: What a display may show beside the times; empty for nothing.
        came_at_ms: When somebody came, where that is known.
    """

    hold: str
    start_ms: int
    end_ms: int
    checked_in: bool = False
    made_at_ms: int | None = None
    label: str = ""
    came_at_ms: int | None = None


class ClosedSpan(msgspec.Struct, frozen=True):
    """Out of order or outside opening hours.

    Attributes:
        start_ms: From when, UTC milliseconds.
        end_ms: When it opens again, or until when that is known not to be.
    """

    start_ms: int
    end_ms: int


class ScheduledBooth(msgspec.Struct, frozen=True):
    """One booth as its gateway should treat it.

    Attributes:
        booth: Code of the space, such as ``3f-b1``.
        name: As people call it.
        buttons: Devices whose ``button`` readings are presses at this booth.
        presence: Devices whose ``occupancy`` readings say that somebody is in it.
        holds: Of the next 24 hours, not overlapping, those under way included.
        closed_until_ms: Out of order or outside opening hours until then; None when it is open.
        policy: The rules in force here.
        closed: Of the next 24 hours, those under way included, by start; ``closed_until_ms`` is for gateways that
            do not know of it.
    """

    booth: str
    name: str = ""
    buttons: tuple[str, ...] = ()
    presence: tuple[str, ...] = ()
    holds: tuple[ScheduledHold, ...] = ()
    closed_until_ms: int | None = None
    policy: BoothPolicy = BoothPolicy()
    closed: tuple[ClosedSpan, ...] = ()


class BoothSchedule(msgspec.Struct, frozen=True):
    """All booths of a gateway, retained.

    Attributes:
        version: Rises with each schedule, also over a restored backup: milliseconds of making will do.
        made_at_ms: When it was true.
        valid_until_ms: Bookings beyond are not in it; a gateway cut off for longer goes on with walk-ins and says so.
        booths: Those of the gateway.
        reflects_epoch: The epoch of the events that the schedule takes into account.
        reflects_upto: All events of that epoch up to this number are in it; 0 for none.
    """

    version: Annotated[int, msgspec.Meta(ge=1)]
    made_at_ms: int
    valid_until_ms: int
    booths: tuple[ScheduledBooth, ...] = ()
    reflects_epoch: str = ""
    reflects_upto: Annotated[int, msgspec.Meta(ge=0)] = 0


class BoothEventKind(enum.Enum):
    """What was decided at a booth."""

    WALK_IN = "walk_in"
    CHECK_IN = "check_in"
    EXTEND = "extend"
    END = "end"
    REFUSED = "refused"
    NOT_IN_USE = "not_in_use"


class Trigger(enum.Enum):
    """What the decision answered."""

    BUTTON = "button"
    PRESENCE = "presence"


class BoothEvent(msgspec.Struct, frozen=True):
    """One decision a gateway has taken and carried out at the door.

    Attributes:
        number: 1, 2, 3, ... within the epoch of the message.
        booth: Code of the space.
        kind: What was decided.
        at_ms: When it was pressed or somebody was seen, UTC milliseconds.
        trigger: What it answered.
        device: Which button or sensor.
        hold: The hold it is about: of the schedule, or ``{epoch}-{number}`` of the walk-in event that began it.
            Empty for a refusal where nobody's hold stands and for ``not_in_use``.
        until_ms: New end of a walk-in or an extension, or until when it was refused; else None. A further press that
            changes nothing is a refusal until the end of the use.
        schedule: Version of the schedule it was decided on.
        uncertain: The gateway's clock was not certain.
    """

    number: SequenceNumber
    booth: str
    kind: BoothEventKind
    at_ms: int
    trigger: Trigger
    device: str
    hold: str = ""
    until_ms: int | None = None
    schedule: int = 0
    uncertain: bool = False


class BoothEvents(msgspec.Struct, frozen=True):
    """Events on their way up, answered by a ``Receipt`` with their epoch and numbers.

    Attributes:
        gateway: Who says so; also in the topic.
        epoch: Of the gateway's spool.
        events: By number; gaps are possible, a repeat is the rule after a loss.
    """

    gateway: str
    epoch: str
    events: Annotated[tuple[BoothEvent, ...], msgspec.Meta(min_length=1, max_length=MAX_EVENTS)]


class BoothState(enum.Enum):
    """What a display says in one word."""

    FREE = "free"
    WAITING = "waiting"
    IN_USE = "in_use"
    CLOSED = "closed"


class BoothDisplay(msgspec.Struct, frozen=True):
    """What the display of one booth shows, retained on the gateway's local broker.

    Attributes:
        booth: Code of the space.
        name: As people call it.
        state: ``WAITING`` means booked, and its person has not come yet.
        until_ms: Until when the state lasts by what is known; None when nothing ends it today.
        next_ms: When the next booking begins; None when there is none.
        label: What may be shown of the hold that stands.
        answer: What the last press was answered with, to be shown briefly; None before the first.
        answered_at_ms: When it was pressed.
        somebody: Whether a sensor sees somebody; None when no sensor has said.
        stale: The schedule's time has run out: bookings made since are not known here.
        at_ms: When this was true.
    """

    booth: str
    name: str
    state: BoothState
    at_ms: int
    until_ms: int | None = None
    next_ms: int | None = None
    label: str = ""
    answer: BoothEventKind | None = None
    answered_at_ms: int | None = None
    somebody: bool | None = None
    stale: bool = False


Message = BoothSchedule | BoothEvents | BoothDisplay


def encode_booths(message: Message) -> bytes:
    """The message as JSON."""
    return msgspec.json.encode(message)


def decode_schedule(payload: bytes) -> BoothSchedule:
    """The schedule in ``payload``.

    Raises:
        MessageError: It is none, or a hold or a closed span ends before it begins.
    """
    schedule = decode_message(payload, BoothSchedule)
    for booth in schedule.booths:
        for span in booth.closed:
            if span.end_ms <= span.start_ms:
                detail = f"{booth.booth} is closed until {span.end_ms}, from {span.start_ms}"
                raise MessageError(Refusal.BAD_TIME, detail)
        for hold in booth.holds:
            if hold.end_ms <= hold.start_ms:
                detail = f"hold {hold.hold} of {booth.booth} ends at {hold.end_ms}, starts at {hold.start_ms}"
                raise MessageError(Refusal.BAD_TIME, detail)
    return schedule


def decode_events(payload: bytes) -> BoothEvents:
    """The events in ``payload``.

    Raises:
        MessageError: They are none.
    """
    return decode_message(payload, BoothEvents)


def decode_display(payload: bytes) -> BoothDisplay:
    """The display state in ``payload``.

    Raises:
        MessageError: It is none.
    """
    return decode_message(payload, BoothDisplay)
