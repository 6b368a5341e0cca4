"""Which times a message may state.

Responsible for the two limits. Refuses to correct a clock: what is beyond them is quarantined.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from shigotoba_wire.errors import MessageError, Refusal

FUTURE_TOLERANCE_MS: Final = 5 * 60 * 1000
"""Clocks of senders may be this much ahead of ours."""

EARLIEST_MS: Final = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp() * 1000)
"""No office of ours has older data; clocks that were never set show 1970 or 2000."""


def check_time(at_ms: int, now_ms: int) -> None:
    """Checks an instant against our clock; both UTC milliseconds.

    Raises:
        MessageError: It is too far in the future, or absurdly old.
    """
    if at_ms > now_ms + FUTURE_TOLERANCE_MS:
        raise MessageError(Refusal.FUTURE_TIME, f"{(at_ms - now_ms) // 1000} s ahead of the backend's clock")
    if at_ms < EARLIEST_MS:
        raise MessageError(Refusal.ABSURD_TIME, f"{at_ms} ms since 1970 is before 2020; was the sender's clock set?")


def are_plausible(ats_ms: Sequence[int], now_ms: int) -> bool:
    """Whether ``check_time`` would take all of the instants, which are at least one."""
    return min(ats_ms) >= EARLIEST_MS and max(ats_ms) <= now_ms + FUTURE_TOLERANCE_MS
