"""BTHome v2 as the radio's drivers know a protocol: where its frames are and who decodes them.

Responsible for that one line. Refuses to scan (see ``bluetooth.radio``) and to decode (see ``bthome``).
"""

from __future__ import annotations

from typing import Final

from shigotoba_edge.bluetooth.service_data import Dialect
from shigotoba_edge.drivers.ble_bthome import bthome

SERVICE_UUID: Final = "0000fcd2-0000-1000-8000-00805f9b34fb"
DIALECT: Final = Dialect(SERVICE_UUID, bthome.take_apart, bthome.read)
