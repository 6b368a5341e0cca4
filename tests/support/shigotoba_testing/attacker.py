"""Somebody who holds every published table and knows linear algebra.

Each row of a table is an equation over unknowns that nobody has published; what the attacker can work out is what lies
in the span of the rows. Responsible for that arithmetic, exact. Refuses to know what the unknowns are.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

Vector = list[Fraction]


class Attacker:
    """Has solved for all it can, by elimination."""

    def __init__(self, known: Iterable[Vector]) -> None:
        self._rows: dict[int, Vector] = {}
        for row in known:
            self._learn(row)

    def can_work_out(self, wanted: Vector) -> bool:
        """Whether ``wanted`` is a linear combination of what is known."""
        return not any(self._rest(wanted))

    def _learn(self, row: Vector) -> None:
        rest = self._rest(row)
        pivot = next((column for column, value in enumerate(rest) if value), None)
        if pivot is not None:
            self._rows[pivot] = [value / rest[pivot] for value in rest]

    def _rest(self, row: Vector) -> Vector:
        rest = list(row)
        for pivot in sorted(self._rows):
            if factor := rest[pivot]:
                rest = [value - factor * other for value, other in zip(rest, self._rows[pivot], strict=True)]
        return rest
