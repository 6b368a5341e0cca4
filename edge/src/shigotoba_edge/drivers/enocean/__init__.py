"""Battery-less EnOcean devices: booth rockers, contacts, occupancy sensors."""

from shigotoba_edge.driver import DriverKind
from shigotoba_edge.drivers.enocean.driver import Enocean, Settings

KIND = DriverKind(Settings, Enocean)
