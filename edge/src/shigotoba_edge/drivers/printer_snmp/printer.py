"""One printer as met: who it is, which objects hold its counters, and what their values say.

Responsible for the meaning of values. Refuses to ask for them (see ``acquaintance``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from shigotoba_edge.drivers.printer_snmp.mib import SYS_UPTIME, Oid, Value, error_words, status_word
from shigotoba_edge.drivers.printer_snmp.profiles import Counters
from shigotoba_edge.drivers.printer_snmp.sources import total_of

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9:._-]")
_LONGEST_SERIAL = 60


class Printer(msgspec.Struct, frozen=True):
    """What must be known to read a printer's counters.

    Attributes:
        serial: Its serial number; counters are kept by it, not by address or place.
        serial_at: Where the serial number is read, to notice another printer at the same address.
        uptime: When it was read last, in hundredths of a second; None if it does not say.
        counters: For each point the sources whose values add up to it.
        status_at: Where it says what it does, if it does.
        errors_at: Where it says what it complains of, if it does.
        vendor: Of its profile; empty when there is none for it.
        model: In its own words.
    """

    serial: str
    serial_at: Oid
    uptime: int | None
    counters: Counters
    status_at: Oid | None = None
    errors_at: Oid | None = None
    vendor: str = ""
    model: str = ""

    @property
    def device(self) -> str:
        """Its identity."""
        return f"mfp-{self.serial}"

    def objects(self) -> list[Oid]:
        """Everything to read at each poll, each once."""
        states = [at for at in (self.status_at, self.errors_at) if at is not None]
        counters = [source.at for sources in self.counters.values() for source in sources]
        return list(dict.fromkeys([self.serial_at, SYS_UPTIME, *states, *counters]))

    def is_same(self, values: Mapping[Oid, Value]) -> bool:
        """Whether the values come from this printer, not restarted since it was read last."""
        uptime = values.get(SYS_UPTIME)
        restarted = isinstance(uptime, int) and self.uptime is not None and uptime < self.uptime
        return serial_of(values.get(self.serial_at)) == self.serial and not restarted

    def with_uptime(self, values: Mapping[Oid, Value]) -> Printer:
        """The same, knowing how long it has been up in these values."""
        uptime = values.get(SYS_UPTIME)
        return msgspec.structs.replace(self, uptime=uptime) if isinstance(uptime, int) else self

    def counts(self, values: Mapping[Oid, Value]) -> dict[str, int]:
        """The counters in the values; a point of which any part is missing is missing, never 0."""
        sums = ((point, total_of(sources, values)) for point, sources in self.counters.items())
        return {point: total for point, total in sums if total is not None}

    def states(self, values: Mapping[Oid, Value]) -> dict[str, str]:
        """What it says it does and complains of."""
        status = status_word(values.get(self.status_at)) if self.status_at else None
        errors = error_words(values.get(self.errors_at)) if self.errors_at else None
        said = {"printer_status": status, "printer_errors": errors}
        return {point: word for point, word in said.items() if word is not None}


def serial_of(value: Value | None) -> str | None:
    """The serial number as part of a name; None if there is none."""
    if not isinstance(value, bytes):
        return None
    text = value.decode("ascii", errors="replace").strip("\0 \t\r\n")
    return _NOT_IN_NAMES.sub("-", text)[:_LONGEST_SERIAL] or None
