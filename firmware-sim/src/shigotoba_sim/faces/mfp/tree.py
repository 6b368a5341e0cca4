"""What an agent holds at one instant: values by object identifier, in the order of a walk.

Responsible for the shapes and for what comes next. Refuses to know where values come from and how they travel.
"""

from __future__ import annotations

import enum

import msgspec

Oid = tuple[int, ...]


class Syntax(enum.IntEnum):
    """Types of SMIv2 by their BER tags, which recordings use as well."""

    INTEGER = 2
    OCTETS = 4
    OBJECT_IDENTIFIER = 6
    IP_ADDRESS = 64
    COUNTER32 = 65
    GAUGE32 = 66
    TIME_TICKS = 67
    COUNTER64 = 70


class Cell(msgspec.Struct, frozen=True):
    """A value with its type."""

    syntax: Syntax
    value: int | bytes | Oid


Tree = dict[Oid, Cell]


def oid(text: str) -> Oid:
    """The identifier that ``text`` writes with dots.

    Raises:
        ValueError: A part is not a number.
    """
    return tuple(int(part) for part in text.strip(".").split("."))


def next_after(tree: Tree, before: Oid) -> Oid | None:
    """The first identifier behind ``before``; None at the end."""
    return min((known for known in tree if known > before), default=None)


def integer(value: int) -> Cell:
    """An INTEGER."""
    return Cell(Syntax.INTEGER, value)


def text(value: str) -> Cell:
    """An octet string of readable text."""
    return Cell(Syntax.OCTETS, value.encode())


def counter(value: int) -> Cell:
    """A Counter32, which starts again after 2^32 - 1."""
    return Cell(Syntax.COUNTER32, value % (1 << 32))
