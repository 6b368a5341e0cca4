"""The driver: a listener to MiBeacon, on the radio that all ``ble_*`` drivers of an adapter share.

Responsible for putting the two together. Refuses to scan and to decode.
"""

from __future__ import annotations

from typing import Final

from shigotoba_edge.bluetooth.sealing import SealedSettings
from shigotoba_edge.bluetooth.service_data import Dialect, ServiceDataDriver
from shigotoba_edge.driver import Surroundings
from shigotoba_edge.drivers.ble_mibeacon import mibeacon

SERVICE_UUID: Final = "0000fe95-0000-1000-8000-00805f9b34fb"
DIALECT: Final = Dialect(SERVICE_UUID, mibeacon.take_apart, mibeacon.read)


def build(settings: SealedSettings, surroundings: Surroundings) -> ServiceDataDriver:
    """The driver; its keys are read now.

    Raises:
        SettingsError: The key file is wrong, or the adapter is named otherwise than by another driver.
    """
    return ServiceDataDriver(DIALECT, settings, surroundings)
