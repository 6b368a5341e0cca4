"""Canon: values by the numbers of the panel, and a table with names.

Numbers and names are those of public readers; the rows of the second table are numbered as on the panel. Faxes are in
the total alone.
"""

from __future__ import annotations

from typing import Final

from shigotoba_sim.devices import Mfp
from shigotoba_sim.faces.mfp.tables.shares import colour_total, large, mono_total
from shigotoba_sim.faces.mfp.tree import Tree, counter, oid, text
from shigotoba_sim.plan.counters import Counters

PANEL: Final = oid("1.3.6.1.4.1.1602.1.11.1.3.1.4")
NAMES: Final = oid("1.3.6.1.4.1.1602.1.11.2.1.1.2")
VALUES: Final = oid("1.3.6.1.4.1.1602.1.11.2.1.1.3")
SERIAL: Final = oid("1.3.6.1.4.1.1602.1.2.1.8.1.3.1.1")


def canon(mfp: Mfp, counters: Counters) -> Tree:
    """Both tables and the serial."""
    tree: Tree = {SERIAL: text(mfp.serial)}
    for number, value in _panel(counters).items():
        tree[*PANEL, number] = counter(value)
    for number, (name, value) in _named(counters).items():
        tree[*NAMES, number] = text(name)
        tree[*VALUES, number] = counter(value)
    return tree


def _panel(counters: Counters) -> dict[int, int]:
    mono, colour = mono_total(counters), colour_total(counters)
    return {
        101: counters.impressions_total,
        106: colour,
        108: mono,
        112: large(mono),
        113: mono - large(mono),
        122: large(colour),
        123: colour - large(colour),
        301: counters.impressions_print,
        501: counters.scan_sent,
    }


def _named(counters: Counters) -> dict[int, tuple[str, int]]:
    panel = _panel(counters)
    return {
        101: ("Total 1", counters.impressions_total),
        108: ("Total (Black 1)", panel[108]),
        112: ("Total (Black/Large)", panel[112]),
        113: ("Total (Black/Small)", panel[113]),
        122: ("Total (Full Color + Single Color/Large)", panel[122]),
        123: ("Total (Full Color + Single Color/Small)", panel[123]),
        201: ("Copy (Total 1)", counters.impressions_copy),
        301: ("Print (Total 1)", counters.impressions_print),
        501: ("Scan (Total 1)", counters.scan_sent),
    }
