"""Kyocera: no labels, meaning by position: functions, colours, duplex.

Positions are those of public readers. Reports are in the total alone, and faxes sent are not counted.
"""

from __future__ import annotations

from typing import Final

from shigotoba_sim.devices import Mfp
from shigotoba_sim.faces.mfp.tables.shares import duplex_sheets
from shigotoba_sim.faces.mfp.tree import Oid, Tree, counter, oid
from shigotoba_sim.plan.counters import Counters

ROOT: Final = oid("1.3.6.1.4.1.1347")


def kyocera(_mfp: Mfp, counters: Counters) -> Tree:
    """Sides by function, by function and colour, scans, sheets by sides, and the total."""
    return {(*ROOT, *tail): counter(value) for tail, value in _values(counters).items()}


def _values(counters: Counters) -> dict[Oid, int]:
    duplex = duplex_sheets(counters)
    return {
        (42, 3, 1, 1, 1, 1, 1): counters.impressions_print,
        (42, 3, 1, 1, 1, 1, 2): counters.impressions_copy,
        (42, 3, 1, 1, 1, 1, 4): counters.fax_print,
        (42, 3, 1, 2, 1, 1, 1, 1): counters.print_mono,
        (42, 3, 1, 2, 1, 1, 1, 2): 0,
        (42, 3, 1, 2, 1, 1, 1, 3): counters.print_colour,
        (42, 3, 1, 2, 1, 1, 2, 1): counters.copy_mono,
        (42, 3, 1, 2, 1, 1, 2, 2): 0,
        (42, 3, 1, 2, 1, 1, 2, 3): counters.copy_colour,
        (42, 3, 1, 4, 1, 1, 1): counters.scan_sent,
        (42, 2, 5, 1, 1, 1, 1): counters.sheets - duplex,
        (42, 2, 5, 1, 1, 2, 1): duplex,
        (43, 10, 1, 1, 12, 1, 1): counters.impressions_total,
        (46, 10, 1, 1, 5, 3): counters.scan_sent,
    }
