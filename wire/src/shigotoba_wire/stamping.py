"""Readings get their time when it is known, not before.

While the clock is not known a reading is put on disk with what the clock said and the clock's distance from monotonic
time, under the name of this boot. When the clock becomes known, the distance it was corrected by is the correction of
every reading of this boot. Readings of an earlier boot that never learned the time cannot be placed exactly: they keep
the time the clock said if it is plausible, else that of this boot's beginning, and are marked uncertain.

A press of a button is for somebody who waits at a door: it is sent at once, marked uncertain, if the clock is at least
plausible. After a jump readings are uncertain for a while.

Responsible for times and their quality. Refuses to set clocks, and to lose a reading for want of a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

import msgspec

from shigotoba_wire.clock import JUMP_S, PLAUSIBLE_FROM_MS, Clock, ClockWatch, Jump
from shigotoba_wire.health import ClockHealth
from shigotoba_wire.outbox import Outbox
from shigotoba_wire.readings import Quality, Reading
from shigotoba_wire.statements import load_statements

_SQL: Final = load_statements("shigotoba_wire", "stamping.sql")

AT_ONCE: Final = frozenset({"button"})
"""Points that somebody waits for."""

RELEASED_AT_ONCE: Final = 200


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
                for _, boot, offset_ms, payload in rows:
                    held = msgspec.json.decode(payload, type=list[Reading])
                    self._outbox.append([self._placed(reading, boot, offset_ms) for reading in held])
                connection.execute(_SQL["forget"], {"place": rows[-1][0]})

    def _placed(self, reading: Reading, boot: str, offset_ms: int) -> Reading:
        if boot == self._boot:
            return msgspec.structs.replace(reading, at_ms=reading.at_ms + self._watch.offset_ms() - offset_ms)
        began_ms = self._watch.offset_ms()
        at_ms = reading.at_ms if PLAUSIBLE_FROM_MS <= reading.at_ms <= began_ms else began_ms
        return msgspec.structs.replace(reading, at_ms=at_ms, quality=Quality.UNCERTAIN)
