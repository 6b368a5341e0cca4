"""How much room the spool has, and what is not taken when it runs short.

Room is what the disk still has, or what is left of a limit, together with the pages in the spool that can be used
again. Below a first share there is an alarm. Below each further one a rank of points is no longer taken, the least
valuable first; their agents keep them and offer them again. A reserve file is given up when the disk is full to the
brim, so that receipts can still be written down; until it is back, nothing is taken.

Responsible for measuring and ranking. Refuses to delete a reading, ever.
"""

from __future__ import annotations

import logging
import os
from collections import Counter, deque
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from shigotoba_gateway.settings import DiskSettings
from shigotoba_gateway.spool import Spool
from shigotoba_wire.health import SpoolHealth
from shigotoba_wire.points import VOCABULARY
from shigotoba_wire.readings import Reading

log = logging.getLogger(__name__)

RATE_OVER_S: Final = 3600.0
SAMPLE_EVERY_S: Final = 60.0
DAY_S: Final = 86_400.0


class Room(msgspec.Struct, frozen=True):
    """Bytes the spool uses, and may still use."""

    used_bytes: int
    free_bytes: int

    @property
    def share(self) -> float:
        """The free share, 0 to 1."""
        return self.free_bytes / max(1, self.used_bytes + self.free_bytes)


def room_of(size_bytes: int, reusable_bytes: int, disk_free_bytes: int, limit_bytes: int) -> Room:
    """The room of a file of ``size_bytes``, of which some can be used again; ``limit_bytes`` 0 is no limit."""
    used = size_bytes - reusable_bytes
    free = reusable_bytes + disk_free_bytes
    return Room(used, max(0, min(free, limit_bytes - used)) if limit_bytes else free)


def refused_points(share: float, settings: DiskSettings) -> tuple[str, ...]:
    """The points that are not taken at a free share, the least valuable first."""
    return tuple(point for rank in settings.give_up for point in rank.points if share < rank.below_share)


class Storeroom:
    """The room of one spool. ``look`` is called again and again by whoever takes in.

    Attributes:
        alarm: Room is getting short.
        full: The reserve is given up: nothing is taken.
        refusing: Points that are not taken, the least valuable first.
        room: As of the last look.
    """

    def __init__(self, spool: Spool, path: Path, settings: DiskSettings) -> None:
        self._spool = spool
        self._directory = path.parent
        self._reserve = path.with_name(f"{path.name}.reserve")
        self._settings = settings
        self._refused: Counter[str] = Counter()
        self._samples: deque[tuple[float, int]] = deque(maxlen=int(RATE_OVER_S / SAMPLE_EVERY_S) + 1)
        self.alarm = False
        self.full = False
        self.refusing: tuple[str, ...] = ()
        self.room = Room(0, 0)

    def look(self, now_s: float) -> None:
        """Measure, and settle what is taken from now on; ``now_s`` is monotonic."""
        disk = os.statvfs(self._directory)
        disk_free = disk.f_bavail * disk.f_frsize
        self.room = room_of(*self._spool.file_bytes(), disk_free, self._settings.limit_bytes)
        self._tend_reserve(disk_free)
        share = self.room.share
        self._say_if_changed(tuple(VOCABULARY) if self.full else refused_points(share, self._settings))
        self._say_alarm(share < self._settings.alarm_below_share)
        if not self._samples or now_s - self._samples[-1][0] >= SAMPLE_EVERY_S:
            self._samples.append((now_s, self._spool.outbox.appended_bytes))

    def note_refused(self, readings: Iterable[Reading]) -> None:
        """Count what was not taken."""
        self._refused.update(reading.point for reading in readings)

    def days_left(self) -> float | None:
        """How long the room lasts without receipts at the rate of the last hour."""
        if len(self._samples) < 2:
            return None
        (first_s, first_bytes), (last_s, last_bytes) = self._samples[0], self._samples[-1]
        per_s = (last_bytes - first_bytes) / (last_s - first_s)
        return self.room.free_bytes / per_s / DAY_S if per_s > 0 else None

    def health(self) -> SpoolHealth:
        """The state now."""
        salvage = self._spool.salvage
        return SpoolHealth(
            used_bytes=self.room.used_bytes,
            free_bytes=self.room.free_bytes,
            free_share=round(self.room.share, 4),
            days_left=self.days_left(),
            refusing=self.refusing,
            refused=dict(self._refused),
            salvaged=salvage.readings if salvage else 0,
            set_aside_file=salvage.set_aside.name if salvage else "",
        )

    def problems(self) -> list[str]:
        """What a person should look at, in words."""
        found: list[str] = []
        if self._spool.salvage is not None:
            found.append(
                f"The spool was damaged ({self._spool.salvage.damage}); {self._spool.salvage.readings} readings were "
                f"saved. The damaged file is kept as {self._spool.salvage.set_aside.name}: check the disk."
            )
        if self.alarm:
            found.append(f"Disk: {self.room.share:.0%} of the spool's room is free{self._lasting()}.")
        if self.refusing:
            found.append(f"Not taken for want of room, kept by their agents: {', '.join(self.refusing)}.")
        return found

    def _lasting(self) -> str:
        days = self.days_left()
        return "" if days is None else f"; without the backend it lasts {days:.1f} days"

    def _tend_reserve(self, disk_free: int) -> None:
        reserve_bytes = self._settings.reserve_bytes
        if not reserve_bytes:
            return
        if disk_free < reserve_bytes // 2 and self._reserve.exists():
            self._reserve.unlink()
            log.error("the disk is full: the reserve of %d bytes is given up, nothing is taken", reserve_bytes)
        elif disk_free > 3 * reserve_bytes and not self._reserve.exists():
            with self._reserve.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, reserve_bytes)
        self.full = not self._reserve.exists()

    def _say_if_changed(self, refusing: tuple[str, ...]) -> None:
        if refusing != self.refusing:
            words = ", ".join(refusing) or "nothing"
            log.warning("disk: %.1f %% free; not taken from now on: %s", self.room.share * 100, words)
        self.refusing = refusing

    def _say_alarm(self, alarm: bool) -> None:
        if alarm and not self.alarm:
            log.warning("disk: only %.1f %% of the spool's room is free%s", self.room.share * 100, self._lasting())
        self.alarm = alarm
