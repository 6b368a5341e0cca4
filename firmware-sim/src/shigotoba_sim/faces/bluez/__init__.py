"""A Bluetooth adapter as BlueZ shows it on D-Bus, fed with advertisements that no radio has carried.

The behaviour is BlueZ 5.87's (``src/adapter.c``, ``src/device.c``), including what applications trip over: properties
are merged, unchanged data is silent, strangers are forgotten after half a minute.
"""

from shigotoba_sim.faces.bluez.service import BluezFace

__all__ = ["BluezFace"]
