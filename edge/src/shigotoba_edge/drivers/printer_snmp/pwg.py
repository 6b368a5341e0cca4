"""Counters every vendor may offer in the same way: the PWG Imaging System Counter MIB (PWG 5106.3).

A key table says what is counted under which number; the counter tables are indexed by that number, by the kind of
work (3: all of it) and by how long it counts (3: since manufacture). Counters end at 2^31. No public walk of a device
that implements it was found (research/edge.md section 5.2), so it is taken up only where nothing of the vendor's is.

Responsible for turning the key table into sources. Refuses to ask (see ``acquaintance``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shigotoba_edge.drivers.printer_snmp.mib import Oid, Value, oid
from shigotoba_edge.drivers.printer_snmp.profiles import Counters
from shigotoba_edge.drivers.printer_snmp.sources import Source

ROOT: Final = oid("1.3.6.1.4.1.2699.1.3.1")
SERVICE_TYPE: Final = (*ROOT, 2, 1, 1, 2)
SUBUNIT_INDEX: Final = (*ROOT, 2, 1, 1, 5)

WORK_TOTALS: Final = 3
LIFETIME: Final = 3

IMAGES: Final = (*ROOT, 7, 1, 1)
IMPRESSIONS: Final = (*ROOT, 8, 1, 1)
TWO_SIDED: Final = (*ROOT, 9, 1, 1)
SHEETS: Final = (*ROOT, 10, 1, 1)
TOTAL, MONO, FULL_COLOUR, HIGHLIGHT = 4, 5, 7, 8

SYSTEM, COPY, FAX_IN, FAX_OUT, PRINT, SCAN = 3, 4, 7, 8, 11, 12

POINTS: Final[dict[str, tuple[int, Oid, tuple[int, ...]]]] = {
    "impressions_total": (SYSTEM, IMPRESSIONS, (TOTAL,)),
    "impressions_mono": (SYSTEM, IMPRESSIONS, (MONO,)),
    "impressions_colour": (SYSTEM, IMPRESSIONS, (FULL_COLOUR, HIGHLIGHT)),
    "impressions_duplex": (SYSTEM, TWO_SIDED, (TOTAL,)),
    "sheets_total": (SYSTEM, SHEETS, (TOTAL,)),
    "impressions_print": (PRINT, IMPRESSIONS, (TOTAL,)),
    "impressions_print_mono": (PRINT, IMPRESSIONS, (MONO,)),
    "impressions_print_colour": (PRINT, IMPRESSIONS, (FULL_COLOUR, HIGHLIGHT)),
    "impressions_copy": (COPY, IMPRESSIONS, (TOTAL,)),
    "impressions_copy_mono": (COPY, IMPRESSIONS, (MONO,)),
    "impressions_copy_colour": (COPY, IMPRESSIONS, (FULL_COLOUR, HIGHLIGHT)),
    "impressions_fax": (FAX_IN, IMPRESSIONS, (TOTAL,)),
    "fax_received": (FAX_IN, IMAGES, (TOTAL,)),
    "fax_sent": (FAX_OUT, IMAGES, (TOTAL,)),
    "scan_total": (SCAN, IMAGES, (TOTAL,)),
}
"""For each point the service, the table and its columns."""


def services(types: Mapping[Oid, Value], subunits: Mapping[Oid, Value]) -> dict[int, int]:
    """The key of each service as a whole, from walks of the key table's columns; a part of one has a subunit."""
    keys: dict[int, int] = {}
    for at, service in types.items():
        tail = at[len(SERVICE_TYPE) :]
        if len(tail) == 1 and isinstance(service, int) and subunits.get((*SUBUNIT_INDEX, *tail), 0) == 0:
            keys.setdefault(service, tail[0])
    return keys


def plan(keys: Mapping[int, int]) -> Counters:
    """Where each point's counters would stand; whether they are there is for the device to say."""
    return {
        point: tuple(Source((*table, column, keys[service], WORK_TOTALS, LIFETIME)) for column in columns)
        for point, (service, table, columns) in POINTS.items()
        if service in keys
    }


def offered(counters: Counters, values: Mapping[Oid, Value]) -> Counters:
    """The points of which at least one part is there; a device without highlight colour has no such column."""
    present = {
        point: tuple(source for source in sources if source.number(values) is not None)
        for point, sources in counters.items()
    }
    return {point: sources for point, sources in present.items() if sources}
