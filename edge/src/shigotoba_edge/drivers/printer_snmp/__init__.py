"""Counters of multifunction printers and faxes, by SNMP."""

from shigotoba_edge.driver import DriverKind
from shigotoba_edge.drivers.printer_snmp.driver import PrinterSnmp, Settings

KIND = DriverKind(Settings, PrinterSnmp)
