"""What a job is.

Responsible for that shape. Refuses to know any job.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import psycopg

from shigotoba_backend.settings import BackendSettings


class Job(NamedTuple):
    """Something done again and again.

    Attributes:
        name: For the log.
        every_s: Pause from one begin to the next.
        run: Does what is due now and returns how much that was; each run is safe to be cut off and to come twice.
        lane: Jobs of one lane run one after the other on one connection; those that wait for other machines have a
            lane of their own, and so have those that wait while the readings are moved.
    """

    name: str
    every_s: float
    run: Callable[[psycopg.Connection, BackendSettings, datetime], int]
    lane: str = "bookings"
