"""Spans of time in whole milliseconds, and what one does with them.

Responsible for this arithmetic. Refuses to know what goes on in a span.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """From ``start_ms`` until before ``end_ms``."""

    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        """How long it is."""
        return self.end_ms - self.start_ms


def joined(spans: Iterable[Span], gap_ms: int = 0) -> list[Span]:
    """The same spans, those that overlap or follow within ``gap_ms`` as one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start_ms - found[-1].end_ms <= gap_ms:
            found[-1] = Span(found[-1].start_ms, max(found[-1].end_ms, span.end_ms))
        else:
            found.append(span)
    return found


def common(some: Iterable[Span], others: Sequence[Span]) -> Iterator[Span]:
    """What lies in one of ``some`` and in one of ``others``; neither overlap among themselves."""
    for one in some:
        for other in others:
            both = Span(max(one.start_ms, other.start_ms), min(one.end_ms, other.end_ms))
            if both.length_ms > 0:
                yield both


def seconds(spans: Iterable[Span]) -> float:
    """How long they are together."""
    return sum(span.length_ms for span in spans) / 1000
