"""Battery-less EnOcean devices, as sold in Japan: booth rockers and contacts."""

from shigotoba_edge.driver import DriverKind
from shigotoba_edge.drivers.enocean.driver import Enocean, Settings

KIND = DriverKind(Settings, Enocean)
