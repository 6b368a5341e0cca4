"""Where a counter's value stands: an object, or a record inside an object.

Brother keeps all counters in one octet string of records of seven octets: key, ``01 04``, the value as four octets,
big-endian; ``FF`` ends it (research/edge.md section 5.3).

Responsible for getting numbers out of values. Refuses negative ones: that is how some agents say "unknown".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from shigotoba_edge.drivers.printer_snmp.mib import Oid, Value

RECORD_OCTETS: Final = 7
RECORD_END: Final = 0xFF
_COUNTER_OF_FOUR: Final = b"\x01\x04"


class Source(msgspec.Struct, frozen=True):
    """A part of a counter.

    Attributes:
        at: The object.
        record: Key of the record inside its octet string; None when the object itself is the number.
    """

    at: Oid
    record: int | None = None

    def number(self, values: Mapping[Oid, Value]) -> int | None:
        """The number in the values that were read; None if it is missing."""
        value = values.get(self.at)
        if self.record is not None:
            value = records(value).get(self.record)
        return value if isinstance(value, int) and value >= 0 else None


Sources = tuple[Source, ...]


def records(value: Value | None) -> dict[int, int]:
    """The counters in an octet string of records, by key; what is no such record is passed over."""
    if not isinstance(value, bytes):
        return {}
    found: dict[int, int] = {}
    for start in range(0, len(value) - RECORD_OCTETS + 1, RECORD_OCTETS):
        key, form, number = value[start], value[start + 1 : start + 3], value[start + 3 : start + RECORD_OCTETS]
        if key == RECORD_END:
            break
        if form == _COUNTER_OF_FOUR:
            found.setdefault(key, int.from_bytes(number))
    return found


def total_of(sources: Sources, values: Mapping[Oid, Value]) -> int | None:
    """The sum of all sources; None if any is missing, never 0 for a part that was not read."""
    numbers = [source.number(values) for source in sources]
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None
