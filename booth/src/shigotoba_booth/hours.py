"""When a booth is closed: outside its hours, on holidays, out of order.

Responsible for what a row of closed spans says about a moment. Refuses calendars: whoever asks brings the spans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """A span in which nobody may enter; it opens at ``end``. The spans of a booth neither overlap nor touch."""

    start: datetime
    end: datetime


def closed_until(at: datetime, closed: Sequence[Closed]) -> datetime | None:
    """When a booth that is closed at ``at`` opens; None when it is open."""
    return next((span.end for span in closed if span.start <= at < span.end), None)


def closes_at(at: datetime, closed: Sequence[Closed]) -> datetime | None:
    """When a booth that is open at ``at`` closes next; None for not that is known."""
    return min((span.start for span in closed if span.start > at), default=None)


def closed_between(start: datetime, end: datetime, spans: Sequence[tuple[datetime, datetime]]) -> tuple[Closed, ...]:
    """What is closed within [start, end) when ``spans``, by start and not touching, are when it is open."""
    edges = (start, *(edge for span in spans for edge in span), end)
    return tuple(Closed(low, high) for low, high in zip(edges[::2], edges[1::2], strict=True) if low < high)
