"""One printer as met: who it is, which objects hold its counters, and what their values say.

Responsible for the meaning of values. Refuses to ask for them (see ``acquaintance``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from shigotoba_edge.drivers.printer_snmp.mib import SYS_UPTIME, Oid, Value
from shigotoba_edge.logbook import Sighting, sighting_of

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9:._-]")
_LONGEST_SERIAL = 60


class Printer(msgspec.Struct, frozen=True):
    """What must be known to read a printer's counters.

    Attributes:
        serial: Its serial number; counters are kept by it, not by address or place.
        serial_at: Where the serial number is read, to notice another printer at the same address.
        uptime: When it was read last, in hundredths of a second; None if it does not say.
        counters: For each point the objects whose values add up to it.
    """

    serial: str
    serial_at: Oid
    uptime: int | None
    counters: dict[str, tuple[Oid, ...]]

    @property
    def device(self) -> str:
        """Its identity."""
        return f"mfp-{self.serial}"

    def objects(self) -> list[Oid]:
        """Everything to read at each poll, each once."""
        of_points = (at for objects in self.counters.values() for at in objects)
        return list(dict.fromkeys([self.serial_at, SYS_UPTIME, *of_points]))

    def is_same(self, values: Mapping[Oid, Value]) -> bool:
        """Whether the values come from this printer, not restarted since it was read last."""
        uptime = values.get(SYS_UPTIME)
        restarted = isinstance(uptime, int) and self.uptime is not None and uptime < self.uptime
        return serial_of(values.get(self.serial_at)) == self.serial and not restarted

    def with_uptime(self, values: Mapping[Oid, Value]) -> Printer:
        """The same, knowing how long it has been up in these values."""
        uptime = values.get(SYS_UPTIME)
        return msgspec.structs.replace(self, uptime=uptime) if isinstance(uptime, int) else self

    def sighting(self, values: Mapping[Oid, Value], at_ms: int) -> Sighting:
        """The readings in the values; a point of which any part is missing is missing, never 0."""
        sums = ((point, _sum([values.get(at) for at in objects])) for point, objects in self.counters.items())
        return sighting_of(self.device, at_ms, tuple((point, total) for point, total in sums if total is not None))


def serial_of(value: Value | None) -> str | None:
    """The serial number as part of a name; None if there is none."""
    if not isinstance(value, bytes):
        return None
    text = value.decode("ascii", errors="replace").strip("\0 \t\r\n")
    return _NOT_IN_NAMES.sub("-", text)[:_LONGEST_SERIAL] or None


def _sum(values: list[Value | None]) -> int | None:
    # Negative numbers are how some agents say "unknown" in a counter.
    numbers = [value for value in values if isinstance(value, int) and value >= 0]
    return sum(numbers) if len(numbers) == len(values) else None
