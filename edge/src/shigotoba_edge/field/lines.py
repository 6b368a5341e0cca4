"""Lines for a terminal: a sighting, a device, a driver.

Responsible for the text. Refuses to print it.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from shigotoba_edge.logbook import Sighting
from shigotoba_wire.health import DeviceHealth, DriverHealth
from shigotoba_wire.readings import Value


def sighting_line(sighting: Sighting, zone: tzinfo | None = None) -> str:
    """A sighting: when, who, what, how strongly. ``zone`` is the machine's own if None."""
    said = "  ".join(f"{reading.point}={value_text(reading.value)}" for reading in sighting.readings)
    parts = (_clock(sighting.at_ms, zone), f"{sighting.device:<22}", said or "(alive)", _rssi(sighting.rssi_dbm))
    return "  ".join(part for part in (*parts, _note(sighting.note)) if part)


def device_line(device: DeviceHealth, zone: tzinfo | None = None) -> str:
    """A device as it is known."""
    battery = "" if device.battery_pct is None else f"battery {device.battery_pct:g} %"
    parts = (
        f"{device.device:<22}",
        _rssi(device.rssi_dbm),
        battery,
        f"{device.frames} messages, last {_clock(device.last_seen_at_ms, zone)}",
        _counted(device.errors),
        _note(device.note),
    )
    return "  ".join(part for part in parts if part)


def driver_line(driver: DriverHealth) -> str:
    """A driver as it is."""
    error = f"last error: {driver.last_error}" if driver.last_error else ""
    restarts = f"{driver.restarts} restarts" if driver.restarts else ""
    parts = (f"{driver.driver:<12}", driver.state.value, f"{driver.frames} messages", restarts)
    return "  ".join(part for part in (*parts, _counted(driver.dropped), error) if part)


def value_text(value: Value) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _clock(at_ms: int, zone: tzinfo | None) -> str:
    return datetime.fromtimestamp(at_ms / 1000, zone).strftime("%H:%M:%S") if zone else _local(at_ms)


def _local(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000).astimezone().strftime("%H:%M:%S")


def _rssi(rssi_dbm: int | None) -> str:
    return "" if rssi_dbm is None else f"{rssi_dbm} dBm"


def _counted(errors: dict[str, int]) -> str:
    return "not understood: " + ", ".join(f"{reason} {times}" for reason, times in errors.items()) if errors else ""


def _note(note: str) -> str:
    return f"! {note}" if note else ""
