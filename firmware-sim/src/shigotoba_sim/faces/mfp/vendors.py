"""The vendors' own counter tables, which tell functions and colours apart.

Sources: edge report, section 5.3 (Ricoh's type codes; Sharp's labels as recorded from an MX-3570N). What no source
tells is ours: the English names of some Ricoh rows, the row numbers, and where Sharp's two fax rows stand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shigotoba_sim.building import Mfp
from shigotoba_sim.chance import chance_of
from shigotoba_sim.faces.mfp.tree import Tree, counter, integer, oid, text
from shigotoba_sim.plan.counters import Counters

RICOH_TABLE: Final = oid("1.3.6.1.4.1.367.3.2.1.2.19.5.1")
RICOH_TYPE: Final = 2
RICOH_UNIT: Final = 4
RICOH_NAME: Final = 5
RICOH_VALUE: Final = 9
RICOH_UNIT_IMPRESSIONS: Final = 7
SHARP_VALUES: Final = oid("1.3.6.1.4.1.2385.1.1.19.2.1.3")
SHARP_LABELS: Final = oid("1.3.6.1.4.1.2385.1.1.19.2.1.4")


def vendor_tree(mfp: Mfp, counters: Counters) -> Tree:
    """The private objects of ``mfp``."""
    return _TREES[mfp.vendor](mfp, counters)


def _ricoh(mfp: Mfp, counters: Counters) -> Tree:
    """One row per counter; which row is which differs from machine to machine, the type code does not."""
    rows = [(code, name, value) for code, (name, value) in _ricoh_rows(counters).items()]
    chance_of("ricoh rows", mfp.serial).shuffle(rows)
    tree: Tree = {}
    for row, (code, name, value) in enumerate(rows, start=1):
        tree[*RICOH_TABLE, RICOH_TYPE, row] = integer(code)
        tree[*RICOH_TABLE, RICOH_UNIT, row] = integer(RICOH_UNIT_IMPRESSIONS)
        tree[*RICOH_TABLE, RICOH_NAME, row] = text(name)
        tree[*RICOH_TABLE, RICOH_VALUE, row] = counter(value)
    return tree


def _ricoh_rows(counters: Counters) -> dict[int, tuple[str, int]]:
    scan_colour, scan_mono = _scans_by_colour(counters)
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
    }


def _sharp(_mfp: Mfp, counters: Counters) -> Tree:
    """Labels and values in two tables with the same tails."""
    tree: Tree = {}
    for tail, (label, value) in _sharp_rows(counters).items():
        tree[*SHARP_VALUES, *tail] = counter(value)
        tree[*SHARP_LABELS, *tail] = text(label)
    return tree


def _sharp_rows(counters: Counters) -> dict[tuple[int, int, int], tuple[str, int]]:
    scan_colour, scan_mono = _scans_by_colour(counters)
    mono_total = counters.print_mono + counters.copy_mono + counters.fax_print + counters.other
    return {
        (1, 4, 60): ("Prints", counters.impressions_print),
        (1, 4, 61): ("Black & White Print Count", counters.print_mono),
        (1, 4, 63): ("Full Color Print Count", counters.print_colour),
        (1, 4, 75): ("Duplex", counters.impressions_total - counters.sheets),
        (2, 4, 60): ("Fax Receive", counters.fax_received),
        (3, 4, 50): ("Fax Send", counters.fax_sent),
        (4, 4, 60): ("Copies", counters.impressions_copy),
        (4, 4, 61): ("Black & White Copy Count", counters.copy_mono),
        (4, 4, 63): ("Full Color Copy Count", counters.copy_colour),
        (4, 4, 64): ("Two Color Copy Count", 0),
        (4, 4, 80): ("Single Color Copy Count", 0),
        (5, 4, 61): ("Black & White Total Count", mono_total),
        (5, 4, 63): ("Full Color Total Count", counters.print_colour + counters.copy_colour),
        (5, 4, 64): ("Two Color Total Count", 0),
        (5, 4, 80): ("Single Color Total Count", 0),
        (5, 5, 61): ("Black & White Other Count", counters.other),
        (5, 5, 63): ("Full Color Other Count", 0),
        (6, 4, 70): ("Document Feeder", counters.scan_sent + counters.fax_sent),
        (7, 4, 50): ("Scan to E-mail/FTP", counters.scan_sent),
        (7, 4, 51): ("Black & White Scanner Count", scan_mono),
        (7, 4, 53): ("Full Color Scanner Count", scan_colour),
        (8, 4, 50): ("Scan to HDD", 0),
        (8, 4, 51): ("Black & White Scan to HDD Count", 0),
        (8, 4, 53): ("Full Color Scan to HDD Count", 0),
        (8, 4, 54): ("Two Color Scan to HDD Count", 0),
        (8, 4, 60): ("Prints (Document Filing)", 0),
        (8, 4, 61): ("Black & White Document Filing Print Count", 0),
        (8, 4, 63): ("Full Color Document Filing Print Count", 0),
        (8, 4, 64): ("Two Color Document Filing Print Count", 0),
        (8, 4, 80): ("Single Color Document Filing Count", 0),
    }


def _scans_by_colour(counters: Counters) -> tuple[int, int]:
    """Pages scanned in colour and in black; the model of people knows only their sum, two in five are coloured."""
    colour = counters.scan_sent * 2 // 5
    return colour, counters.scan_sent - colour


_TREES: Final[dict[str, Callable[[Mfp, Counters], Tree]]] = {"ricoh": _ricoh, "sharp": _sharp}
