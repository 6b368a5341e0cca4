"""Which private objects a make of printer has, what it calls itself, and which versions of SNMP it answers.

Responsible for the choice; the tables are in ``tables``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shigotoba_sim.devices import Mfp
from shigotoba_sim.faces.mfp.manners import ANY_VERSION, V1
from shigotoba_sim.faces.mfp.tables.canon import canon
from shigotoba_sim.faces.mfp.tables.konica_minolta import konica_minolta
from shigotoba_sim.faces.mfp.tables.kyocera import kyocera
from shigotoba_sim.faces.mfp.tables.pwg import pwg
from shigotoba_sim.faces.mfp.tables.ricoh import ricoh
from shigotoba_sim.faces.mfp.tables.sharp import sharp
from shigotoba_sim.faces.mfp.tables.xcmi import xcmi
from shigotoba_sim.faces.mfp.tree import Oid, Tree, oid
from shigotoba_sim.plan.counters import Counters

_NET_SNMP_ON_LINUX: Final = oid("1.3.6.1.4.1.8072.3.2.10")

OBJECT_IDS: Final[dict[str, Oid]] = {
    "ricoh": oid("1.3.6.1.4.1.367.1.1"),
    "sharp": oid("1.3.6.1.4.1.2385.3.1.112.1.2"),
    "canon": oid("1.3.6.1.4.1.1602.4.7"),
    "fujifilm": oid("1.3.6.1.4.1.297.1.111.1.1"),
    "konica_minolta": oid("1.3.6.1.4.1.18334.1.2.1.2"),
    "kyocera": oid("1.3.6.1.4.1.1347.41"),
    "standard": _NET_SNMP_ON_LINUX,
    "pwg": _NET_SNMP_ON_LINUX,
}
"""sysObjectID by make: Sharp's is the recorded MX-3570N's; of the others only the enterprise matters."""

_TREES: Final[dict[str, Callable[[Mfp, Counters], Tree]]] = {
    "ricoh": ricoh,
    "sharp": sharp,
    "canon": canon,
    "fujifilm": xcmi,
    "konica_minolta": konica_minolta,
    "kyocera": kyocera,
    "pwg": pwg,
}


def vendor_tree(mfp: Mfp, counters: Counters) -> Tree:
    """The private objects of ``mfp``; a printer of no particular make has none."""
    tree_of = _TREES.get(mfp.vendor)
    return {} if tree_of is None else tree_of(mfp, counters)


def versions_of(make: str) -> frozenset[int]:
    """The versions of SNMP that a printer of this make answers, as messages number them."""
    # A Canon that answers nothing but version 1 is a known trap (edge report, section 9).
    return frozenset((V1,)) if make == "canon" else ANY_VERSION
