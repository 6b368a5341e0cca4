"""BLE sensors that speak Xiaomi's MiBeacon: the Linptech seat pad and occupancy sensors."""

from shigotoba_edge.bluetooth.sealing import SealedSettings
from shigotoba_edge.driver import DriverKind
from shigotoba_edge.drivers.ble_mibeacon.driver import DIALECT

KIND = DriverKind(SealedSettings, DIALECT.driver)
