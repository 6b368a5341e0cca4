"""Staff on the roll beside what telemetry knows.

Responsible for the day of each stretch on which they are counted. Refuses to count (see ``places``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import psycopg

from shigotoba_backend.indicators.places import Place, people_at
from shigotoba_backend.indicators.telemetry.inquiry import place_by_place
from shigotoba_backend.indicators.telemetry.stretches import Stretch


@place_by_place
def at_start(conn: psycopg.Connection, place: Place, stretches: Sequence[Stretch], _now: datetime) -> list[int | None]:
    """On the first day of each stretch."""
    return people_at(conn, place.scope, [stretch.first for stretch in stretches])


@place_by_place
def at_end(conn: psycopg.Connection, place: Place, stretches: Sequence[Stretch], _now: datetime) -> list[int | None]:
    """On the last day of each stretch."""
    return people_at(conn, place.scope, [stretch.beyond - timedelta(days=1) for stretch in stretches])
