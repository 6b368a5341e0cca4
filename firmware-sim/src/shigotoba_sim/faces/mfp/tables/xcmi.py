"""FUJIFILM and Xerox: the usage table of the Xerox Common MIB, with names beside the values.

Rows and their meaning are those of public readers; the names are ours, and that a Japanese Apeos answers this table is
not verified.
"""

from __future__ import annotations

from typing import Final

from shigotoba_sim.devices import Mfp
from shigotoba_sim.faces.mfp.tables.shares import colour_total, duplex_sheets, large, mono_total
from shigotoba_sim.faces.mfp.tree import Tree, counter, oid, text
from shigotoba_sim.plan.counters import Counters

TABLE: Final = oid("1.3.6.1.4.1.253.8.53.13.2.1")
VALUE: Final = 6
NAME: Final = 8
MACHINE: Final = 1
SCAN: Final = 102
COPY: Final = 103
FAX: Final = 104
_IMAGES: Final = 20


def xcmi(_mfp: Mfp, counters: Counters) -> Tree:
    """The usage table."""
    tree: Tree = {}
    for (group, row), (name, value) in (_machine(counters) | _functions(counters)).items():
        tree[*TABLE, VALUE, group, _IMAGES, row] = counter(value)
        tree[*TABLE, NAME, group, _IMAGES, row] = text(name)
    return tree


def _machine(counters: Counters) -> dict[tuple[int, int], tuple[str, int]]:
    mono, colour = mono_total(counters), colour_total(counters)
    return {
        (MACHINE, 1): ("Total Impressions", counters.impressions_total),
        (MACHINE, 7): ("Black Printed Impressions", counters.print_mono),
        (MACHINE, 8): ("Total Sheets", counters.sheets),
        (MACHINE, 9): ("Total 2 Sided Sheets", duplex_sheets(counters)),
        (MACHINE, 29): ("Color Printed Impressions", counters.print_colour),
        (MACHINE, 33): ("Color Impressions", colour),
        (MACHINE, 34): ("Black Impressions", mono),
        (MACHINE, 43): ("Color Large Impressions", large(colour)),
        (MACHINE, 44): ("Black Large Impressions", large(mono)),
        (MACHINE, 47): ("Large Impressions", large(colour) + large(mono)),
        (MACHINE, 71): ("Fax Impressions", counters.fax_print),
    }


def _functions(counters: Counters) -> dict[tuple[int, int], tuple[str, int]]:
    return {
        (SCAN, 11): ("Network Scanning Images Sent", counters.scan_sent),
        (SCAN, 12): ("E-mail Images Sent", 0),
        (COPY, 3): ("Black Copied Impressions", counters.copy_mono),
        (COPY, 6): ("Black Copied Large Impressions", large(counters.copy_mono)),
        (COPY, 25): ("Color Copied Impressions", counters.copy_colour),
        (FAX, 13): ("Fax Images Sent", counters.fax_sent),
        (FAX, 14): ("Fax Impressions", counters.fax_print),
        (FAX, 15): ("Fax Sheets", counters.fax_print),
    }
