"""The registry: one line for each driver. A driver's libraries are imported only where it is configured.

Responsible for finding a driver by its kind. Refuses to know anything else about it.
"""

from __future__ import annotations

import importlib
from typing import Any, Final

from shigotoba_edge.driver import DriverKind

DRIVERS: Final = {
    "ble_bthome": "shigotoba_edge.drivers.ble_bthome",
    "ble_linking": "shigotoba_edge.drivers.ble_linking",
    "ble_mibeacon": "shigotoba_edge.drivers.ble_mibeacon",
    "enocean": "shigotoba_edge.drivers.enocean",
    "modbus": "shigotoba_edge.drivers.modbus",
    "printer_snmp": "shigotoba_edge.drivers.printer_snmp",
}


def load(kind: str) -> DriverKind[Any]:
    """The driver registered as ``kind``.

    Raises:
        KeyError: There is none.
    """
    loaded: DriverKind[Any] = importlib.import_module(DRIVERS[kind]).KIND
    return loaded
