"""What keeping some figures would change, told before anything is kept.

Responsible for comparing with what holds now and for what looks like a slip. Refuses to write.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from statistics import median
from typing import Final, Literal

import msgspec
import psycopg

from shigotoba_backend.imports.entries import Entry
from shigotoba_backend.imports.held import Held, held_figures
from shigotoba_backend.indicators.scopes import Scope

_SLIP: Final = 30
"""A figure that many times the usual, or a fraction like that, is probably 万 or a comma gone astray."""

_KEPT: Final = ("numerator", "denominator", "excluded", "excluded_reason", "estimate", "bound", "note", "source")


class Change(msgspec.Struct, frozen=True):
    """What would happen to one period.

    Attributes:
        kind: ``new``, ``same`` or ``corrected``.
        entry: As it would be kept.
        before: What holds now; None for a new one.
        slip: Whether it is far from the other figures of the series.
    """

    kind: Literal["new", "same", "corrected"]
    entry: Entry
    before: Held | None
    slip: bool


class Preview(msgspec.Struct, frozen=True):
    """What would happen to the series.

    Attributes:
        series: Its key.
        scope: What the figures are about.
        changes: One for each figure.
        token: Stands for exactly these changes; keeping asks for it.
    """

    series: str
    scope: Scope
    changes: tuple[Change, ...]
    token: str

    @property
    def corrections(self) -> int:
        """How many figures that hold now would be replaced."""
        return sum(change.kind == "corrected" for change in self.changes)

    @property
    def news(self) -> int:
        """How many periods would get their first figure."""
        return sum(change.kind == "new" for change in self.changes)


def preview(conn: psycopg.Connection, series: str, scope: Scope, entries: Sequence[Entry]) -> Preview:
    """What keeping ``entries`` would change."""
    held = {figure.period: figure for figure in held_figures(conn, series, scope)}
    usual = _usual([*held.values(), *entries])
    changes = tuple(_change(entry, held.get(str(entry.period)), usual.get(_length(entry))) for entry in entries)
    return Preview(series, scope, changes, _token(series, scope, changes))


def _change(entry: Entry, before: Held | None, usual: Decimal | None) -> Change:
    if before is None:
        return Change("new", entry, None, _is_slip(entry.numerator, usual))
    same = all(getattr(entry, name) == getattr(before, name) for name in _KEPT)
    return Change("same" if same else "corrected", entry, before, not same and _is_slip(entry.numerator, usual))


def _usual(figures: Sequence[Entry | Held]) -> dict[int, Decimal]:
    """The median of the figures of equal length that are not zero, by days."""
    by_length: dict[int, list[Decimal]] = {}
    for figure in figures:
        if figure.numerator:
            by_length.setdefault(_length(figure), []).append(figure.numerator)
    return {length: median(values) for length, values in by_length.items() if len(values) >= 3}


def _length(figure: Entry | Held) -> int:
    """Months, near enough for comparing like with like."""
    first, beyond = (
        (figure.period.first, figure.period.beyond) if isinstance(figure, Entry) else (figure.first, figure.beyond)
    )
    return round((beyond - first).days / 30.4)


def _is_slip(value: Decimal | None, usual: Decimal | None) -> bool:
    return bool(value and usual and not usual / _SLIP < value < usual * _SLIP)


def _token(series: str, scope: Scope, changes: Sequence[Change]) -> str:
    told = msgspec.json.encode(
        [
            series,
            str(scope),
            [(change.entry, None if change.before is None else change.before.figure_id) for change in changes],
        ]
    )
    return hashlib.sha256(told).hexdigest()
