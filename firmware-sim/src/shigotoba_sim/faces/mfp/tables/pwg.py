"""The vendor-neutral counters of the Printer Working Group's Imaging System Counter MIB.

Source: PWG 5106.3 (edge report, section 5.2). Keys name a service; every counter is an Integer32 that starts again
after 2^31 - 1. No public recording of a device that implements it is known; which subunit a key names is ours.
"""

from __future__ import annotations

from typing import Final

import msgspec

from shigotoba_sim.devices import Mfp
from shigotoba_sim.faces.mfp.tables.shares import colour_total, mono_total, scans_by_colour
from shigotoba_sim.faces.mfp.tree import Tree, integer, oid
from shigotoba_sim.plan.counters import Counters

ROOT: Final = oid("1.3.6.1.4.1.2699.1.3.1")
KEYS: Final = (*ROOT, 2, 1, 1)
IMAGES: Final = (*ROOT, 7, 1, 1)
IMPRESSIONS: Final = (*ROOT, 8, 1, 1)
SHEETS: Final = (*ROOT, 10, 1, 1)
SYSTEM_TOTALS: Final = 3
COPY: Final = 4
FAX_IN: Final = 7
FAX_OUT: Final = 8
PRINT: Final = 11
SCAN: Final = 12
TOTAL: Final = 4
MONO: Final = 5
IMAGES_FULL_COLOUR: Final = 6
FULL_COLOUR: Final = 7
WORK_TOTALS: Final = 3
LIFETIME: Final = 3
MODULUS: Final = 1 << 31
_SERVICE_TYPE: Final = 2
_SERVICE_INDEX: Final = 3
_SUBUNIT_TYPE: Final = 4
_SUBUNIT_INDEX: Final = 5
_MARKER: Final = 10
_SCANNER: Final = 50


class _Service(msgspec.Struct, frozen=True):
    """Sides marked (or, for a scanning service, pages read) in black and in colour."""

    kind: int
    mono: int
    colour: int
    scans: bool = False


def pwg(_mfp: Mfp, counters: Counters) -> Tree:
    """The key table and the lifetime counters of every service."""
    tree: Tree = {}
    for key, service in enumerate(_services(counters), start=1):
        subunit = _SCANNER if service.scans else _MARKER
        columns = ((_SERVICE_TYPE, service.kind), (_SERVICE_INDEX, 1), (_SUBUNIT_TYPE, subunit), (_SUBUNIT_INDEX, 1))
        for column, value in columns:
            tree[*KEYS, column, key] = integer(value)
        table, colour = (IMAGES, IMAGES_FULL_COLOUR) if service.scans else (IMPRESSIONS, FULL_COLOUR)
        counts = ((TOTAL, service.mono + service.colour), (MONO, service.mono), (colour, service.colour))
        for column, value in counts:
            tree[*table, column, key, WORK_TOTALS, LIFETIME] = integer(value % MODULUS)
    tree[*SHEETS, TOTAL, 1, WORK_TOTALS, LIFETIME] = integer(counters.sheets % MODULUS)
    return tree


def _services(counters: Counters) -> tuple[_Service, ...]:
    scan_colour, scan_mono = scans_by_colour(counters)
    return (
        _Service(SYSTEM_TOTALS, mono_total(counters), colour_total(counters)),
        _Service(COPY, counters.copy_mono, counters.copy_colour),
        _Service(FAX_IN, counters.fax_print, 0),
        _Service(FAX_OUT, counters.fax_sent, 0, scans=True),
        _Service(PRINT, counters.print_mono, counters.print_colour),
        _Service(SCAN, scan_mono, scan_colour, scans=True),
    )
