"""Readings get their time when it is known, not before.

While the clock is not known a reading is put on disk with what the clock said and the clock's distance from monotonic
time, under the name of this boot. When the clock becomes known, the distance it was corrected by is the correction of
every reading of this boot. Readings of an earlier boot that never learned the time cannot be placed exactly: they keep
the time the clock said if it is plausible, else that of this boot's beginning, and are marked uncertain.

A press of a button is for somebody who waits at a door: it is sent at once, marked uncertain, if the clock is at least
plausible. After a jump readings are uncertain for a while.

What waits is in the outbox file; out of a damaged one it is carried like the batches, and what cannot be understood any
more is set aside for a person.

Responsible for times and their quality. Refuses to set clocks, and to lose a reading for want of a time.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from shigotoba_wire.clock import JUMP_S, PLAUSIBLE_FROM_MS, Clock, ClockWatch, Jump
from shigotoba_wire.health import ClockHealth
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Quality, Reading
from shigotoba_wire.salvage import readable_keys
from shigotoba_wire.statements import load_statements

log = logging.getLogger(__name__)

_SQL: Final = load_statements("shigotoba_wire", "stamping.sql")

AT_ONCE: Final = frozenset({"button"})
"""Points that somebody waits for."""

RELEASED_AT_ONCE: Final = 200


class Held(msgspec.Struct, frozen=True, array_like=True):
    """Readings that wait for the clock, as they stand in a file.

    Attributes:
        boot: Of the machine, since which monotonic time runs.
        offset_ms: What the clock said, less monotonic time.
        payload: The readings.
    """

    boot: str
    offset_ms: int
    payload: bytes

    def readings(self) -> list[Reading]:
        """By the clock as it was.

        Raises:
            msgspec.MsgspecError: The payload is not what was written.
        """
        return msgspec.json.decode(self.payload, type=list[Reading])


class Stamper:
    """The door to an outbox for readings that this machine's clock has stamped. Safe to use from several threads."""

    def __init__(self, outbox: Outbox, clock: Clock, watch: ClockWatch, boot: str) -> None:
        self._outbox = outbox
        self._clock = clock
        self._watch = watch
        self._boot = boot
        with outbox.transaction() as connection:
            connection.execute(_SQL["make"])

    def append(self, readings: Sequence[Reading]) -> None:
        """Put the readings on disk, with their time or until there is one; durable when this returns."""
        # The outbox's transaction is also the lock: a second one would be taken in both orders.
        with self._outbox.transaction() as connection:
            jump = self._look()
            readings = [self._since_jump(reading, jump) for reading in readings]
            if self._watch.known:
                self._append(readings)
                return
            plausible = self._clock.now_ms() >= PLAUSIBLE_FROM_MS
            at_once = [reading for reading in readings if plausible and reading.point in AT_ONCE]
            self._hold(connection, [reading for reading in readings if reading not in at_once])
            self._append(at_once)

    def tick(self) -> None:
        """Look at the clock; give a time to what has waited for one."""
        with self._outbox.transaction():
            self._look()

    def health(self) -> ClockHealth:
        """The clock, and what waits for it."""
        with self._outbox.transaction() as connection:
            (unstamped,) = connection.execute(_SQL["count"]).fetchone()
        return msgspec.structs.replace(self._watch.health(), unstamped=unstamped)

    def _look(self) -> Jump | None:
        jumps = self._watch.jumps
        self._watch.look()
        if self._watch.known:
            self._release()
        return self._watch.last_jump if self._watch.jumps != jumps else None

    def _since_jump(self, reading: Reading, jump: Jump | None) -> Reading:
        """The reading by the new time, if it was stamped before a jump that has only now been noticed."""
        if jump is None or abs(jump.by_s) < JUMP_S:
            return reading
        moved = reading.at_ms + round(jump.by_s * 1000)
        nearer = abs(moved - jump.at_ms) < abs(reading.at_ms - jump.at_ms)
        return msgspec.structs.replace(reading, at_ms=moved, quality=Quality.UNCERTAIN) if nearer else reading

    def _append(self, readings: Sequence[Reading]) -> None:
        if self._watch.certain:
            self._outbox.append(readings)
        else:
            self._outbox.append([msgspec.structs.replace(each, quality=Quality.UNCERTAIN) for each in readings])

    def _hold(self, connection: sqlite3.Connection, readings: Sequence[Reading]) -> None:
        if readings:
            row = {"boot": self._boot, "offset_ms": self._watch.offset_ms(), "readings": len(readings)}
            connection.execute(_SQL["hold"], row | {"payload": msgspec.json.encode(readings)})

    def _release(self) -> None:
        while True:
            with self._outbox.transaction() as connection:
                rows = connection.execute(_SQL["oldest"], {"most": RELEASED_AT_ONCE}).fetchall()
                if not rows:
                    return
                for place, *row in rows:
                    self._release_one(connection, place, Held(*row))
                connection.execute(_SQL["forget"], {"place": rows[-1][0]})

    def _release_one(self, connection: sqlite3.Connection, place: int, held: Held) -> None:
        try:
            readings = held.readings()
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            log.warning("readings that waited for the clock are not what was written (%s); they are set aside", error)
            connection.execute(_SQL["set_aside"], {"place": place, "reason": f"unreadable: {error}"})
            return
        self._outbox.append([self._placed(reading, held) for reading in readings])

    def _placed(self, reading: Reading, held: Held) -> Reading:
        if held.boot == self._boot:
            return msgspec.structs.replace(reading, at_ms=reading.at_ms + self._watch.offset_ms() - held.offset_ms)
        began_ms = self._watch.offset_ms()
        at_ms = reading.at_ms if PLAUSIBLE_FROM_MS <= reading.at_ms <= began_ms else began_ms
        return msgspec.structs.replace(reading, at_ms=at_ms, quality=Quality.UNCERTAIN)


def carry_unstamped(damaged: sqlite3.Connection, outbox: Outbox) -> int:
    """What waits for the clock, out of a damaged file into the new outbox's; returns how many readings."""
    carried = 0
    with outbox.transaction() as connection:
        connection.execute(_SQL["make"])
        for held, readings in _held_in(damaged):
            connection.execute(_SQL["hold"], {**msgspec.structs.asdict(held), "readings": readings})
            carried += readings
    return carried


def _held_in(damaged: sqlite3.Connection) -> Iterator[tuple[Held, int]]:
    """What can be read and understood, oldest first, each with the number of its readings."""
    for place in readable_keys(damaged, _SQL) if _has_held(damaged) else ():
        try:
            row = damaged.execute(_SQL["of_a_damaged_file"], {"place": place}).fetchone()
            held = msgspec.convert(row, Held)
            yield held, len(held.readings())
        except (sqlite3.DatabaseError, msgspec.MsgspecError, UnicodeDecodeError):
            continue


def _has_held(damaged: sqlite3.Connection) -> bool:
    try:
        return damaged.execute(_SQL["is_there"]).fetchone() is not None
    except sqlite3.DatabaseError:
        return False
