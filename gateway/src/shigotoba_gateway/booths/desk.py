"""Decisions at the door of every booth of this gateway, online and cut off alike.

A press or somebody seen is decided on the cached schedule and on what has been decided since, in the transaction that
keeps the reading: a press that is on disk has been decided, and one that comes again is not new and decides nothing.

Responsible for schedule, decisions and their memory. Refuses to publish (see ``post``) and to have rules of its own.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from shigotoba_booth.decisions import BUTTON_SIDES, Decision, decide_press
from shigotoba_booth.presence import decide_presence
from shigotoba_gateway.booths.board import Board, board_of, closed_of, event_of, in_ms, moment, played, policy_of
from shigotoba_gateway.booths.display import Seen, display_of
from shigotoba_gateway.booths.ledger import Entry, Ledger
from shigotoba_gateway.spool import Spool
from shigotoba_wire.booths import (
    BoothDisplay,
    BoothEvent,
    BoothSchedule,
    ScheduledBooth,
    Trigger,
    decode_schedule,
    encode_booths,
)
from shigotoba_wire.errors import MessageError
from shigotoba_wire.health import BoothsHealth
from shigotoba_wire.readings import Reading

log = logging.getLogger(__name__)

KEPT_AS: Final = "schedule"
PLAYED_FOR_MS: Final = 24 * 3600 * 1000
"""Events older than this are not played on a schedule that does not say it reflects them."""

SAME_PRESS_MS: Final = 1_000
"""Two receivers hear one press; whoever presses twice on purpose takes longer."""


class Desk:
    """The booths of one gateway. Its methods may be called from any thread."""

    def __init__(self, spool: Spool, now_ms: Callable[[], int], is_certain: Callable[[], bool]) -> None:
        self._spool = spool
        self._now_ms = now_ms
        self._is_certain = is_certain
        self._lock = threading.RLock()
        self.ledger = Ledger(spool)
        self._refused = ""
        self._schedule: BoothSchedule | None = None
        self._booths: dict[str, ScheduledBooth] = {}
        self._boards: dict[str, Board] = {}
        self._seen: dict[str, Seen] = {}
        self.reload()

    def reload(self) -> None:
        """Have in memory exactly what is on disk."""
        with self._spool.transaction(), self._lock:
            kept = self._spool.kept(KEPT_AS)
            self._schedule = None if kept is None else decode_schedule(kept)
            booths = self._schedule.booths if self._schedule else ()
            self._booths = {booth.booth: booth for booth in booths}
            self._boards = {booth.booth: board_of(booth) for booth in booths}
            answered: dict[str, BoothEvent] = {}
            for entry in self.ledger.all():
                answered[entry.event.booth] = entry.event
                if self._is_to_be_played(entry):
                    self._play(entry)
            somebody = {booth: seen.somebody for booth, seen in self._seen.items()}
            self._seen = {booth: Seen(answered.get(booth), somebody.get(booth)) for booth in self._booths}

    def take_schedule(self, payload: bytes) -> None:
        """Take a newer schedule, or note why not."""
        try:
            schedule = decode_schedule(payload)
        except MessageError as error:
            self._refused = error.detail
            log.warning("a booth schedule was refused: %s", error)
            return
        with self._spool.transaction(), self._lock:
            current = self._schedule.version if self._schedule else 0
            self._refused = f"version {current} is in force and higher" if schedule.version < current else ""
            if schedule.version > current:
                self._spool.put(KEPT_AS, encode_booths(schedule))
                self.reload()

    def decide(self, readings: Sequence[Reading]) -> None:
        """Decide what new readings mean at the booths; part of the transaction that keeps them."""
        with self._spool.transaction(), self._lock:
            for reading in sorted(readings, key=lambda reading: reading.at_ms) if self._booths else ():
                self._decide_one(reading)

    def displays(self) -> list[BoothDisplay]:
        """What every display shows now."""
        with self._lock:
            now_ms = self._now_ms()
            stale = self._schedule is not None and now_ms > self._schedule.valid_until_ms
            return [
                display_of(booth, self._boards[code], policy_of(booth.policy), self._seen[code], moment(now_ms), stale)
                for code, booth in self._booths.items()
            ]

    def health(self) -> dict[str, Any]:
        """For the gateway's health."""
        schedule = self._schedule
        state = BoothsHealth(
            schedule=schedule.version if schedule else 0,
            valid_until_ms=schedule.valid_until_ms if schedule else None,
            waiting=self.ledger.waiting(),
            refused_schedule=self._refused,
        )
        stale = schedule is not None and self._now_ms() > schedule.valid_until_ms
        words = "The booths' schedule has run out: bookings made since are not known here, walk-ins go on."
        return {"booths": state, "problems": (words,) if stale else ()}

    def _is_to_be_played(self, entry: Entry) -> bool:
        schedule = self._schedule
        if schedule is None or entry.event.booth not in self._boards:
            return False
        if entry.epoch == schedule.reflects_epoch:
            return entry.event.number > schedule.reflects_upto
        return entry.event.at_ms > schedule.made_at_ms - PLAYED_FOR_MS

    def _play(self, entry: Entry) -> None:
        booth = entry.event.booth
        self._boards[booth] = played(self._boards[booth], entry.event, entry.name)

    def _decide_one(self, reading: Reading) -> None:
        for booth in self._booths.values():
            if reading.point == "button" and reading.device in booth.buttons:
                self._press(booth, reading)
            if reading.point == "occupancy" and reading.device in booth.presence:
                self._somebody(booth, reading)

    def _press(self, booth: ScheduledBooth, reading: Reading) -> None:
        side = BUTTON_SIDES.get(str(reading.value))
        last = self._seen[booth.booth].answered
        if side is None or (last is not None and _is_no_news(reading, last, self._now_ms())):
            return
        at = self._moment_of(reading)
        holds = self._boards[booth.booth].plain()
        decision = decide_press(side, at, holds, policy_of(booth.policy), closed=closed_of(booth))
        self._carry_out(decision, booth, at, reading, Trigger.BUTTON)

    def _somebody(self, booth: ScheduledBooth, reading: Reading) -> None:
        seen = self._seen[booth.booth]
        self._seen[booth.booth] = Seen(seen.answered, bool(reading.value))
        if not reading.value or not booth.policy.presence_checks_in:
            return
        at = self._moment_of(reading)
        decision = decide_presence(at, self._boards[booth.booth].plain(), policy_of(booth.policy))
        if decision is not None:
            self._carry_out(decision, booth, at, reading, Trigger.PRESENCE)

    def _moment_of(self, reading: Reading) -> datetime:
        """When it was; a clock that has fallen behind the schedule is wrong for certain."""
        made_at_ms = self._schedule.made_at_ms if self._schedule and not self._is_certain() else 0
        return moment(max(reading.at_ms, made_at_ms))

    def _carry_out(
        self, decision: Decision, booth: ScheduledBooth, at: datetime, reading: Reading, trigger: Trigger
    ) -> None:
        number = self.ledger.next_number()
        kind, hold, until_ms = event_of(decision, self._boards[booth.booth], at)
        event = BoothEvent(
            number=number,
            booth=booth.booth,
            kind=kind,
            at_ms=in_ms(at),
            trigger=trigger,
            device=reading.device,
            hold=hold,
            until_ms=until_ms,
            schedule=self._schedule.version if self._schedule else 0,
            uncertain=not self._is_certain(),
        )
        self._play(self.ledger.keep(event))
        self._seen[booth.booth] = Seen(event, self._seen[booth.booth].somebody)
        log.info("%s: %s (%s)", booth.booth, kind.value, trigger.value)


def _is_no_news(reading: Reading, last: BoothEvent, now_ms: int) -> bool:
    """Whether the last event has answered this very press already, or is later than it.

    An event of the future was decided by a clock that has been put right since: it bars nobody.
    """
    again = reading.device == last.device and abs(reading.at_ms - last.at_ms) < SAME_PRESS_MS
    return again or reading.at_ms < last.at_ms <= now_ms
