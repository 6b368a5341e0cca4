"""What pysnmp hands the printer driver, at its worst: any value of any type in any place.

Responsible for throwing it at profiles, counters, states and the reconciliation. Refuses to know SNMP messages: those
are spoilt on their way by ``fuzz_wires.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

from shigotoba_edge.drivers.printer_snmp import mib, pwg
from shigotoba_edge.drivers.printer_snmp.mib import Oid, Value, oid
from shigotoba_edge.drivers.printer_snmp.printer import Printer, serial_of
from shigotoba_edge.drivers.printer_snmp.profiles import Coded, Counters, Labelled, Records, profiles
from shigotoba_edge.drivers.printer_snmp.reconciliation import Reconciliation
from shigotoba_wire.points import fits

OCTETS = [
    bytes.fromhex("00 01 04 00000009 06 01 04 00000006 FF"),
    b"C123R456789",
    b"Copy: Black & White",
    bytes(8),
]
"""Records as a Brother keeps its counters in, a serial number, a label, error bits."""

MEETING = 0.05
"""So often a printer is met anew, with another profile and other tables."""


def say(values: Iterable[tuple[str, object]]) -> None:
    """See that what was understood is in the vocabulary."""
    for point, value in values:
        assert fits(point, value), (point, value)


def decoder() -> Callable[[bytes, Random], None]:
    """Printers: any value of any type where counters, labels, records, keys and states are looked for."""
    tables = list({id(table): table for profile in profiles().values() for table in profile.table}.values())

    met = [_met(_pwg(b"", Random(0)), b"")]

    def decode(frame: bytes, rng: Random) -> None:
        # As in life: met once, read many times.
        if rng.random() < MEETING:
            met[:] = [_met(_planned(rng.choice(tables), frame, rng) if rng.random() < 0.8 else _pwg(frame, rng), frame)]
        printer = met[0]
        values = {at: value_of(frame, rng) for at in printer.objects()}
        printer.is_same(values)
        counts = printer.with_uptime(values).counts(values)
        Reconciliation().check(counts)
        say((*counts.items(), *printer.states(values).items()))

    return decode


def _met(counters: Counters, frame: bytes) -> Printer:
    return Printer(serial_of(frame) or "-", mib.SERIAL_NUMBER, None, counters, mib.PRINTER_STATUS, mib.PRINTER_ERRORS)


def value_of(frame: bytes, rng: Random) -> Value:
    """What pysnmp may hand on: a number, octets, an object identifier."""
    match rng.randrange(4):
        case 0:
            return frame
        case 1:
            return tuple(frame)
        case _:
            return int.from_bytes(frame[:8], "big", signed=rng.random() < 0.5)


def _planned(table: Labelled | Coded | Records, frame: bytes, rng: Random) -> Counters:
    """The plan of a vendor's table: sometimes of its own keys, sometimes of anything."""
    match table:
        case Labelled():
            rows = [(*oid(table.labels), *tail) for tail in ((1,), (2,), tuple(frame[:3]))]
            named = table.keys()
            keys = [key.encode() if isinstance(key, str) else key for key in named]
            return table.plan({row: rng.choice([*keys, value_of(frame, rng)]) for row in rows})
        case Coded():
            return table.plan({at: value_of(frame, rng) for at in table.objects()})
        case Records():
            named = table.keys()
            keyed = b"".join(bytes([int(key)]) + b"\x01\x04" + frame[:4].ljust(4) for key in named)
            return table.plan(rng.choice([keyed, value_of(frame, rng)]))


def _pwg(frame: bytes, rng: Random) -> Counters:
    types: dict[Oid, Value] = {
        (*pwg.SERVICE_TYPE, row): rng.choice([pwg.SYSTEM, pwg.PRINT, value_of(frame, rng)]) for row in range(3)
    }
    subunits: dict[Oid, Value] = {(*pwg.SUBUNIT_INDEX, row): value_of(frame, rng) for row in range(rng.randrange(3))}
    counters = pwg.plan(pwg.services(types, subunits))
    return pwg.offered(counters, {source.at: value_of(frame, rng) for each in counters.values() for source in each})
