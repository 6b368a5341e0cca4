"""Wired buttons and presence contacts behind Modbus RTU input modules."""

from shigotoba_edge.driver import DriverKind
from shigotoba_edge.drivers.modbus.driver import Modbus
from shigotoba_edge.drivers.modbus.settings import Settings

KIND = DriverKind(Settings, Modbus)
