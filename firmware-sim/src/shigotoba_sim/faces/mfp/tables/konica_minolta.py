"""Konica Minolta: no labels, meaning by position: colour by function.

Positions are those of public readers. Faxes printed are in the total alone; what counts as an original is ours.
"""

from __future__ import annotations

from typing import Final

from shigotoba_sim.devices import Mfp
from shigotoba_sim.faces.mfp.tables.shares import duplex_sheets, large
from shigotoba_sim.faces.mfp.tree import Oid, Tree, counter, oid, text
from shigotoba_sim.plan.counters import Counters

COUNTERS: Final = oid("1.3.6.1.4.1.18334.1.1.1.5.7.2")
MODEL: Final = oid("1.3.6.1.4.1.18334.1.1.1.1.6.2.1.0")
BLACK: Final = 1
FULL_COLOUR: Final = 2
SINGLE_COLOUR: Final = 3
TWO_COLOURS: Final = 4
COPY: Final = 1
PRINT: Final = 2


def konica_minolta(mfp: Mfp, counters: Counters) -> Tree:
    """Totals, sides by colour and function, large ones, scans."""
    values = _totals(counters) | _by_function(counters)
    return {MODEL: text(mfp.model)} | {(*COUNTERS, *tail): counter(value) for tail, value in values.items()}


def _totals(counters: Counters) -> dict[Oid, int]:
    return {
        (1, 1, 0): counters.impressions_total,
        (1, 3, 0): duplex_sheets(counters),
        (1, 5, 0): counters.scan_sent,
        (1, 8, 0): counters.scan_sent + counters.fax_sent + counters.impressions_copy,
        (1, 10, 0): counters.sheets,
        (3, 1, 5, 1): counters.scan_sent,
        (3, 1, 6, 1): large(counters.scan_sent),
    }


def _by_function(counters: Counters) -> dict[Oid, int]:
    sides = {
        (BLACK, COPY): counters.copy_mono,
        (BLACK, PRINT): counters.print_mono,
        (FULL_COLOUR, COPY): counters.copy_colour,
        (FULL_COLOUR, PRINT): counters.print_colour,
    } | {(colour, function): 0 for colour in (SINGLE_COLOUR, TWO_COLOURS) for function in (COPY, PRINT)}
    return {(2, 1, 5, *at): count for at, count in sides.items()} | {
        (2, 1, 7, *at): large(count) for at, count in sides.items()
    }
