"""What an input module knows: the level of each input, and how often it has risen.

The counters latch: a press shorter than a poll is not lost. Responsible for levels and counts since power-up.
"""

from __future__ import annotations


class Inputs:
    """``size`` discrete inputs with a counter each."""

    def __init__(self, size: int) -> None:
        self._levels = [False] * size
        self._rises = [0] * size

    def set(self, number: int, level: bool) -> None:
        """Input ``number`` has this level from now on."""
        self._rises[number] += level and not self._levels[number]
        self._levels[number] = level

    @property
    def levels(self) -> tuple[bool, ...]:
        """The inputs, as function 02 reads them."""
        return tuple(self._levels)

    @property
    def registers(self) -> tuple[int, ...]:
        """The counters, as function 04 reads them: 32 bits in two registers each, the high one first."""
        return tuple(word for rises in self._rises for word in (rises >> 16 & 0xFFFF, rises & 0xFFFF))
