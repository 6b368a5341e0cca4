"""Arithmetic of sequence ranges: what of a range is new, and what is known after it came.

A span is half-open, ``(first, end)``; a list of spans is sorted, disjoint and not touching. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

Range = tuple[int, int]


def unseen(seen: Iterable[Range], wanted: Range) -> list[Range]:
    """The parts of ``wanted`` that no span of ``seen`` covers."""
    first, end = wanted
    parts: list[Range] = []
    for seen_first, seen_end in seen:
        if first < min(seen_first, end):
            parts.append((first, min(seen_first, end)))
        first = max(first, seen_end)
    if first < end:
        parts.append((first, end))
    return parts


def joined(seen: Iterable[Range], added: Range) -> list[Range]:
    """``seen`` with ``added``, again sorted, disjoint and not touching."""
    first, end = added
    apart: list[Range] = []
    for span in seen:
        if span[1] < first or span[0] > end:
            apart.append(span)
        else:
            first, end = min(first, span[0]), max(end, span[1])
    return sorted([*apart, (first, end)])
