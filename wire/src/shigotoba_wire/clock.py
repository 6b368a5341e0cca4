"""Whether this machine's clock can be believed, and when it jumped.

A Raspberry Pi without a battery-backed clock starts with the time at which it was switched off. Until it has heard
from a time server its clock is not known. Monotonic time, which no time server sets, tells how far the clock moved by
itself: where both disagree, the clock has jumped.

Responsible for knowing and noticing. Refuses to set clocks and to change readings (see ``stamping``).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

import msgspec

from shigotoba_wire.health import ClockHealth

PLAUSIBLE_FROM_MS: Final = 1_767_225_600_000
"""2026-01-01T00:00:00Z: there was no gateway before."""

JUMP_S: Final = 2.0
"""Farther than any gentle correction moves a clock between two looks."""

DOUBT_AFTER_JUMP_S: Final = 600.0
"""For so long after a jump the clock is in doubt, where nothing tells whether it is right."""

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


class ClockSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How it is known that the clock is right.

    Attributes:
        synchronised_file: The clock is known once this file is there and no older than the boot;
            systemd-timesyncd makes ``/run/systemd/timesync/synchronized``. None: any plausible time is believed.
    """

    synchronised_file: Path | None = None


class Clock(Protocol):
    """Where time comes from; the system's, or a test's."""

    def now_ms(self) -> int:
        """UTC milliseconds."""
        ...

    def since_boot_ms(self) -> int:
        """Milliseconds that nobody sets, time in suspension included."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now_ms(self) -> int:
        """UTC milliseconds."""
        return time.time_ns() // 1_000_000

    def since_boot_ms(self) -> int:
        """Milliseconds since the machine was switched on."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


class Jump(msgspec.Struct, frozen=True):
    """The clock moved by itself: by how much, forwards positive, and the time after it."""

    by_s: float
    at_ms: int


def boot_id() -> str:
    """The name of this run of the machine; nobody knows the time between two of them."""
    return _BOOT_ID.read_text(encoding="ascii").strip()


class ClockWatch:
    """Looks at a clock again and again. Owned by one thread; its attributes may be read by any.

    Attributes:
        known: Whether the clock can be believed.
        certain: Known, and no recent jump puts it in doubt.
        jumps: How often it jumped.
        last_jump: The latest jump; None when there was none.
    """

    def __init__(
        self, clock: Clock, settings: ClockSettings, on_jump: Callable[[Jump], None] = lambda _jump: None
    ) -> None:
        self._clock = clock
        self._file = settings.synchronised_file
        self._on_jump = on_jump
        self._doubt_until_ms = 0
        self._offset_ms = self.offset_ms()
        self.jumps = 0
        self.last_jump: Jump | None = None
        self.known = self._is_known()
        self.certain = self.known

    def offset_ms(self) -> int:
        """What the clock says beyond monotonic time; constant while it does not jump."""
        return self._clock.now_ms() - self._clock.since_boot_ms()

    def look(self) -> None:
        """Notice what has happened to the clock since the last look."""
        offset_ms = self.offset_ms()
        by_s = (offset_ms - self._offset_ms) / 1000
        self._offset_ms = offset_ms
        was_known, self.known = self.known, self._is_known()
        if abs(by_s) >= JUMP_S:
            self.jumps += 1
            self.last_jump = Jump(by_s, self._clock.now_ms())
            if was_known and self._file is None:
                self._doubt_until_ms = self._clock.since_boot_ms() + int(DOUBT_AFTER_JUMP_S * 1000)
            self._on_jump(self.last_jump)
        self.certain = self.known and self._clock.since_boot_ms() >= self._doubt_until_ms

    def _is_known(self) -> bool:
        plausible = self._clock.now_ms() >= PLAUSIBLE_FROM_MS
        return plausible and (self._file is None or self._file.exists())

    def health(self) -> ClockHealth:
        """The state now."""
        return ClockHealth(
            known=self.known,
            jumps=self.jumps,
            last_jump_s=self.last_jump.by_s if self.last_jump else 0.0,
            last_jump_at_ms=self.last_jump.at_ms if self.last_jump else None,
        )

    def problems(self) -> list[str]:
        """What a person should look at, in words."""
        if not self.known:
            return ["The clock is not known: no time server has been heard since it was switched on."]
        if not self.certain and self.last_jump is not None:
            return [f"The clock jumped by {self.last_jump.by_s:+.0f} s; readings are marked as uncertain for a while."]
        return []
