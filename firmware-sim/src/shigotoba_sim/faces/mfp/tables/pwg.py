"""The vendor-neutral counters of the Printer Working Group's Imaging System Counter MIB.

Source: PWG 5106.3 (edge report, section 5.2). Keys name a service as a whole; every counter is an Integer32 that
starts again after 2^31 - 1. No public recording of a device that implements it is known.
"""

from __future__ import annotations

from typing import Final

import msgspec

from shigotoba_sim.devices import Mfp
from shigotoba_sim.faces.mfp.tables.shares import colour_total, duplex_sheets, mono_total, scans_by_colour
from shigotoba_sim.faces.mfp.tree import Cell, Oid, Tree, integer, oid
from shigotoba_sim.plan.counters import Counters

ROOT: Final = oid("1.3.6.1.4.1.2699.1.3.1")
KEYS: Final = (*ROOT, 2, 1, 1)
IMAGES: Final = (*ROOT, 7, 1, 1)
IMPRESSIONS: Final = (*ROOT, 8, 1, 1)
TWO_SIDED: Final = (*ROOT, 9, 1, 1)
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
SYSTEM_KEY: Final = 1
MODULUS: Final = 1 << 31
_SERVICE_TYPE: Final = 2
_SERVICE_INDEX: Final = 3
_SUBUNIT_TYPE: Final = 4
_SUBUNIT_INDEX: Final = 5
_UNKNOWN: Final = 2
_THE_WHOLE: Final = 0


class _Service(msgspec.Struct, frozen=True):
    """What a service has counted; None where it counts nothing of the kind.

    Attributes:
        kind: Of service.
        impressions: Sides marked, black and in colour.
        images: Pages read, sent or received, black and in colour.
    """

    kind: int
    impressions: tuple[int, int] | None = None
    images: tuple[int, int] | None = None


def pwg(_mfp: Mfp, counters: Counters) -> Tree:
    """The key table and the lifetime counters of every service."""
    tree: Tree = {}
    for key, service in enumerate(_services(counters), start=1):
        row = (
            (_SERVICE_TYPE, service.kind),
            (_SERVICE_INDEX, 1),
            (_SUBUNIT_TYPE, _UNKNOWN),
            (_SUBUNIT_INDEX, _THE_WHOLE),
        )
        tree |= {(*KEYS, column, key): integer(value) for column, value in row}
        tree |= _counts(IMPRESSIONS, FULL_COLOUR, key, service.impressions)
        tree |= _counts(IMAGES, IMAGES_FULL_COLOUR, key, service.images)
    tree[*TWO_SIDED, TOTAL, SYSTEM_KEY, WORK_TOTALS, LIFETIME] = _ic_counter(2 * duplex_sheets(counters))
    tree[*SHEETS, TOTAL, SYSTEM_KEY, WORK_TOTALS, LIFETIME] = _ic_counter(counters.sheets)
    return tree


def _counts(table: Oid, colour_column: int, key: int, counts: tuple[int, int] | None) -> Tree:
    if counts is None:
        return {}
    mono, colour = counts
    columns = ((TOTAL, mono + colour), (MONO, mono), (colour_column, colour))
    return {(*table, column, key, WORK_TOTALS, LIFETIME): _ic_counter(count) for column, count in columns}


def _ic_counter(count: int) -> Cell:
    """IcCounter32, which is a signed integer."""
    return integer(count % MODULUS)


def _services(counters: Counters) -> tuple[_Service, ...]:
    scan_colour, scan_mono = scans_by_colour(counters)
    return (
        _Service(SYSTEM_TOTALS, impressions=(mono_total(counters), colour_total(counters))),
        _Service(COPY, impressions=(counters.copy_mono, counters.copy_colour)),
        _Service(FAX_IN, impressions=(counters.fax_print, 0), images=(counters.fax_received, 0)),
        _Service(FAX_OUT, images=(counters.fax_sent, 0)),
        _Service(PRINT, impressions=(counters.print_mono, counters.print_colour)),
        _Service(SCAN, images=(scan_mono, scan_colour)),
    )
