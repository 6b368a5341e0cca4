"""A comparison for people: columns of text, widest first.

Responsible for layout. Refuses to leave out what does not agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from shigotoba_sim.compare.metrics import Line

HEADER = ("metric", "of", "day", "truth", "product", "difference", "coverage", "verdict")
_WIDTHS = (18, 14, 10, 12, 12, 12, 9, 0)


def text_of(lines: Iterable[Line], *, every_space: bool) -> Iterator[str]:
    """The lines as text; single spaces that agree are left out unless ``every_space`` is wanted; a summary last."""
    yield _row(HEADER)
    verdicts: Counter[str] = Counter()
    for line in lines:
        verdicts[line.verdict] += 1
        if every_space or line.of.startswith("all ") or line.verdict not in ("equal", "close"):
            yield _row(_cells(line))
    yield ", ".join(f"{number} {verdict}" for verdict, number in sorted(verdicts.items()))


def _cells(line: Line) -> tuple[str, ...]:
    day = "all days" if line.day is None else line.day.isoformat()
    numbers = (_number(line.truth, line.unit), _number(line.product, line.unit), _number(line.difference, line.unit))
    return (f"{line.metric} {_unit(line.unit)}".strip(), line.of, day, *numbers, f"{line.coverage:.1%}", line.verdict)


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "—"
    return f"{value:.0f}" if unit == "1" else f"{value:.2f}"


def _row(cells: Iterable[str]) -> str:
    padded = (
        cell.ljust(width) if column < 3 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, _WIDTHS, strict=True))
    )
    return "  ".join(padded).rstrip()
