"""Sharp: a table of values and a table of labels with the same tails, as recorded from an MX-3570N.

The recorded machine has no fax; where the two fax rows stand is ours.
"""

from __future__ import annotations

from typing import Final

from shigotoba_sim.devices import Mfp
from shigotoba_sim.faces.mfp.tables.shares import colour_total, duplex_sheets, mono_total, scans_by_colour
from shigotoba_sim.faces.mfp.tree import Tree, counter, oid, text
from shigotoba_sim.plan.counters import Counters

VALUES: Final = oid("1.3.6.1.4.1.2385.1.1.19.2.1.3")
LABELS: Final = oid("1.3.6.1.4.1.2385.1.1.19.2.1.4")


def sharp(_mfp: Mfp, counters: Counters) -> Tree:
    """Labels and values in two tables with the same tails."""
    tree: Tree = {}
    for tail, (label, value) in _rows(counters).items():
        tree[*VALUES, *tail] = counter(value)
        tree[*LABELS, *tail] = text(label)
    return tree


def _rows(counters: Counters) -> dict[tuple[int, int, int], tuple[str, int]]:
    scan_colour, scan_mono = scans_by_colour(counters)
    return {
        (1, 4, 60): ("Prints", counters.impressions_print),
        (1, 4, 61): ("Black & White Print Count", counters.print_mono),
        (1, 4, 63): ("Full Color Print Count", counters.print_colour),
        (1, 4, 75): ("Duplex", duplex_sheets(counters)),
        (2, 4, 60): ("Fax Receive", counters.fax_received),
        (3, 4, 50): ("Fax Send", counters.fax_sent),
        (4, 4, 60): ("Copies", counters.impressions_copy),
        (4, 4, 61): ("Black & White Copy Count", counters.copy_mono),
        (4, 4, 63): ("Full Color Copy Count", counters.copy_colour),
        (4, 4, 64): ("Two Color Copy Count", 0),
        (4, 4, 80): ("Single Color Copy Count", 0),
        (5, 4, 61): ("Black & White Total Count", mono_total(counters)),
        (5, 4, 63): ("Full Color Total Count", colour_total(counters)),
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
