"""How long something took, by the clock and by the processor, at both ends of a connection to the database.

The processor's time is hardly changed by what else runs on the machine, the clock's is. Responsible for taking the
time. Refuses to compare.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import psycopg


@dataclass(frozen=True)
class Pace:
    """How fast readings went into the table.

    Attributes:
        per_s: Readings a second, by the clock.
        processor_us: Microseconds of processor a reading, of this thread and the server's process.
    """

    per_s: float
    processor_us: float


class Stopwatch:
    """Sums what is done inside ``with`` on one connection."""

    def __init__(self, conn: psycopg.Connection) -> None:
        self._server = Path(f"/proc/{conn.info.backend_pid}/schedstat")
        self._clock_s = self._processor_s = 0.0

    def __enter__(self) -> None:
        self._clock_s -= time.perf_counter()
        self._processor_s -= self._used_s()

    def __exit__(self, *_: object) -> None:
        self._processor_s += self._used_s()
        self._clock_s += time.perf_counter()

    def pace(self, readings: int) -> Pace:
        """With so many readings in the time so far."""
        return Pace(readings / self._clock_s, 1e6 * self._processor_s / readings)

    def _used_s(self) -> float:
        return time.thread_time() + int(self._server.read_text(encoding="ascii").split()[0]) / 1e9
