"""BLE sensors of NTT docomo's Linking, sold in Japan: human detection, buttons, openings."""

from shigotoba_edge.driver import DriverKind
from shigotoba_edge.drivers.ble_linking.driver import BleLinking, Settings

KIND = DriverKind(Settings, BleLinking)
