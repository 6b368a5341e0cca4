"""A printer that answers at once, out of a recording: what a session gives, without a network.

Responsible for reading ``.snmprec`` files and for answering in order. Refuses to be slow, asleep or wrong.
"""

from __future__ import annotations

from collections.abc import Iterable

from shigotoba_edge.drivers.printer_snmp.mib import Oid, Value, oid

NUMBERS = {"2", "65", "66", "67", "70"}


def _value(kind: str, text: str) -> Value:
    if kind in NUMBERS:
        return int(text)
    if kind == "6":
        return oid(text)
    return bytes.fromhex(text.removeprefix("0x")) if kind == "4x" else text.encode()


class RecordedPrinter:
    """The objects of one recording."""

    def __init__(self, recording: str) -> None:
        lines = (line.split("|", 2) for line in recording.splitlines() if line and not line.startswith("#"))
        self._objects = {oid(at): _value(kind, text) for at, kind, text in lines}

    def values(self, objects: Iterable[Oid]) -> dict[Oid, Value]:
        """Those of the objects that it has."""
        return {at: self._objects[at] for at in objects if at in self._objects}

    async def get(self, objects: Iterable[Oid]) -> dict[Oid, Value]:
        """The same, as a session gives them."""
        return self.values(objects)

    async def walk(self, column: Oid) -> dict[Oid, Value]:
        """All objects of a table's column."""
        return {at: value for at, value in sorted(self._objects.items()) if at[: len(column)] == column}

    async def first(self, column: Oid) -> tuple[Oid, Value] | None:
        """The first object of a table's column."""
        return next(iter((await self.walk(column)).items()), None)
