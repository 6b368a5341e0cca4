"""Ricoh: a table with a type code per row.

The codes are those of the private MIB; the English names of some rows, the row numbers and the code of the two-sided
row, which is known by its name only, are ours.
"""

from __future__ import annotations

from typing import Final

from shigotoba_sim.chance import chance_of
from shigotoba_sim.devices import Mfp
from shigotoba_sim.faces.mfp.tables.shares import duplex_sheets, scans_by_colour
from shigotoba_sim.faces.mfp.tree import Tree, counter, integer, oid, text
from shigotoba_sim.plan.counters import Counters

TABLE: Final = oid("1.3.6.1.4.1.367.3.2.1.2.19.5.1")
TYPE: Final = 2
UNIT: Final = 4
NAME: Final = 5
VALUE: Final = 9
UNIT_IMPRESSIONS: Final = 7
_TWO_SIDED: Final = 9_001


def ricoh(mfp: Mfp, counters: Counters) -> Tree:
    """One row per counter; which row is which differs from machine to machine, the type code does not."""
    rows = [(code, name, value) for code, (name, value) in _rows(counters).items()]
    chance_of("ricoh rows", mfp.serial).shuffle(rows)
    tree: Tree = {}
    for row, (code, name, value) in enumerate(rows, start=1):
        tree[*TABLE, TYPE, row] = integer(code)
        tree[*TABLE, UNIT, row] = integer(UNIT_IMPRESSIONS)
        tree[*TABLE, NAME, row] = text(name)
        tree[*TABLE, VALUE, row] = counter(value)
    return tree


def _rows(counters: Counters) -> dict[int, tuple[str, int]]:
    scan_colour, scan_mono = scans_by_colour(counters)
    return {
        10: ("Counter: Machine Total", counters.impressions_total),
        200: ("Counter:Copy:Total", counters.impressions_copy),
        201: ("Counter:Copy:Black & White", counters.copy_mono),
        202: ("Counter:Copy:Single/Two-color", 0),
        203: ("Counter:Copy:Full Color", counters.copy_colour),
        300: ("Counter:FAX:Total", counters.fax_print),
        301: ("Counter:FAX:Black & White", counters.fax_print),
        302: ("Counter:FAX:Single/Two-color", 0),
        303: ("Counter:FAX:Full Color", 0),
        400: ("Counter:Print:Total", counters.impressions_print),
        401: ("Counter:Print:Black & White", counters.print_mono),
        402: ("Counter:Print:Single/Two-color", 0),
        403: ("Counter:Print:Full Color", counters.print_colour),
        870: ("Counter:Transmission:Total", counters.fax_sent + counters.scan_sent),
        871: ("Counter:Transmission:Black & White", counters.fax_sent + scan_mono),
        872: ("Counter:Transmission:FAX", counters.fax_sent),
        873: ("Counter:Transmission:Scanner Full Color", scan_colour),
        874: ("Counter:Transmission:Scanner Black & White", scan_mono),
        _TWO_SIDED: ("No. of Printed Sides in Duplex", 2 * duplex_sheets(counters)),
    }
