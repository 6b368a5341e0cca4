"""BLE sensors that speak BTHome v2: seats, booth presence, buttons."""

from shigotoba_edge.bluetooth.sealing import SealedSettings
from shigotoba_edge.driver import DriverKind
from shigotoba_edge.drivers.ble_bthome.driver import DIALECT

KIND = DriverKind(SealedSettings, DIALECT.driver)
