"""From what a message says to the value of a point: words, scale, inversion.

Responsible for one value. Refuses to guess: what is not of the point's kind, and not among the words, is an error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import msgspec

from shigotoba_wire.points import VOCABULARY, Kind
from shigotoba_wire.readings import Value

DECIMALS: Final = 9
"""A scaled number has no more: 3042 thousandths are 3.042, whatever binary fractions say."""

LONGEST_TEXT: Final = 64
"""A word such as ``press``; more is something else."""


class UnfitError(Exception):
    """A message or a value cannot be taken; ``reason`` is the word it is counted under."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class Transform(msgspec.Struct, frozen=True):
    """How a value becomes the value of a point.

    Attributes:
        words: What each word means; empty if the value is meant as it is. JSON's true is the word ``true``.
        scale: Factor for numbers.
        invert: Truth the other way round.
    """

    words: Mapping[str, Value] = {}
    scale: float = 1.0
    invert: bool = False

    def apply(self, point: str, found: object) -> Value:
        """The value of ``point`` that ``found`` says.

        Raises:
            UnfitError: It says none.
        """
        said = self._said(found) if self.words else found
        match VOCABULARY[point].kind:
            case Kind.TRUTH if isinstance(said, bool):
                return said != self.invert
            case Kind.NUMBER:
                return _number(said) if self.scale == 1.0 else round(_number(said) * self.scale, DECIMALS)
            case Kind.TEXT if isinstance(said, str) and len(said) <= LONGEST_TEXT:
                return said
            case kind:
                raise UnfitError("wrong_kind", f"{point} is a {kind.value}, the message says {_shown(said)}")

    def _said(self, found: object) -> Value:
        word = _word(found)
        if word not in self.words:
            raise UnfitError("unknown_word", f"{_shown(found)} is none of {', '.join(self.words)}")
        return self.words[word]


def _word(found: object) -> str:
    if isinstance(found, str):
        return found.strip()
    return msgspec.json.encode(found).decode()


def _number(said: object) -> int | float:
    number = said
    if isinstance(said, str):
        try:
            number = float(said)
        except ValueError:
            number = None
    if isinstance(number, bool) or not isinstance(number, int | float) or not _is_finite(number):
        raise UnfitError("wrong_kind", f"{_shown(said)} is no number")
    return number


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _shown(found: object) -> str:
    return repr(found)[:80]
