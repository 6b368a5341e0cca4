"""What every printer says, whoever made it.

Source: SNMPv2-MIB (RFC 3418), Host Resources MIB (RFC 2790), Printer MIB (RFC 3805). Responsible for these objects;
the vendors' are in ``vendors``.
"""

from __future__ import annotations

from typing import Final

import msgspec

from shigotoba_sim.devices import Mfp
from shigotoba_sim.faces.mfp.tree import Cell, Syntax, Tree, counter, integer, oid, text
from shigotoba_sim.faces.mfp.vendors import OBJECT_IDS
from shigotoba_sim.plan.counters import Counters

MIB2: Final = oid("1.3.6.1.2.1")
SYSTEM: Final = (*MIB2, 1)
HR_DEVICE: Final = (*MIB2, 25, 3, 2, 1)
HR_PRINTER: Final = (*MIB2, 25, 3, 5, 1)
PRT_GENERAL: Final = (*MIB2, 43, 5, 1, 1)
PRT_MARKER: Final = (*MIB2, 43, 10, 2, 1)
HR_DEVICE_PRINTER: Final = oid("1.3.6.1.2.1.25.3.1.5")

RUNNING: Final = 2
IDLE: Final = 3
PRINTING: Final = 4
IMPRESSIONS: Final = 7
ELECTROPHOTOGRAPHIC_LASER: Final = 4
TICKS_MS: Final = 10
NO_ERRORS: Final = bytes(2)


class Glance(msgspec.Struct, frozen=True):
    """A printer at one instant.

    Attributes:
        mfp: Which.
        up_ms: How long it has been on.
        counters: Since manufacture.
        impressions_since_on: Sides marked since it was switched on.
        printing: Whether it is at work.
    """

    mfp: Mfp
    up_ms: int
    counters: Counters
    impressions_since_on: int
    printing: bool


def standard_tree(glance: Glance) -> Tree:
    """The standard objects of a printer at a glance."""
    mfp = glance.mfp
    return {
        (*SYSTEM, 1, 0): text(mfp.model),
        (*SYSTEM, 2, 0): Cell(Syntax.OBJECT_IDENTIFIER, OBJECT_IDS[mfp.vendor]),
        (*SYSTEM, 3, 0): Cell(Syntax.TIME_TICKS, glance.up_ms // TICKS_MS % (1 << 32)),
        (*SYSTEM, 5, 0): text(mfp.place),
        (*HR_DEVICE, 2, 1): Cell(Syntax.OBJECT_IDENTIFIER, HR_DEVICE_PRINTER),
        (*HR_DEVICE, 3, 1): text(mfp.model),
        (*HR_DEVICE, 5, 1): integer(RUNNING),
        (*HR_PRINTER, 1, 1): integer(PRINTING if glance.printing else IDLE),
        (*HR_PRINTER, 2, 1): Cell(Syntax.OCTETS, NO_ERRORS),
        (*PRT_GENERAL, 16, 1): text(mfp.place),
        (*PRT_GENERAL, 17, 1): text(mfp.serial),
        (*PRT_MARKER, 2, 1, 1): integer(ELECTROPHOTOGRAPHIC_LASER),
        (*PRT_MARKER, 3, 1, 1): integer(IMPRESSIONS),
        (*PRT_MARKER, 4, 1, 1): counter(glance.counters.impressions_total),
        (*PRT_MARKER, 5, 1, 1): counter(glance.impressions_since_on),
    }
