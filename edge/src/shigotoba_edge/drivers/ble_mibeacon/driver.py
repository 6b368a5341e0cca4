"""MiBeacon as the radio's drivers know a protocol: where its frames are and who decodes them.

Responsible for that one line. Refuses to scan (see ``bluetooth.radio``) and to decode (see ``mibeacon``).
"""

from __future__ import annotations

from typing import Final

from shigotoba_edge.bluetooth.service_data import Dialect
from shigotoba_edge.drivers.ble_mibeacon import mibeacon

SERVICE_UUID: Final = "0000fe95-0000-1000-8000-00805f9b34fb"
DIALECT: Final = Dialect(SERVICE_UUID, mibeacon.take_apart, mibeacon.read)
