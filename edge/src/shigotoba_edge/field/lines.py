"""Lines for a terminal: a sighting, a device, a driver.

Responsible for the text. Refuses to print it.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from shigotoba_edge.field.words import Words, retold
from shigotoba_edge.logbook import Sighting
from shigotoba_wire.health import DeviceHealth, DriverHealth
from shigotoba_wire.readings import Value


def sighting_line(spoken: Words, sighting: Sighting, zone: tzinfo | None = None) -> str:
    """A sighting: when, who, what, how strongly. ``zone`` is the machine's own if None."""
    said = "  ".join(f"{reading.point}={value_text(reading.value)}" for reading in sighting.readings)
    parts = (_clock(sighting.at_ms, zone), f"{sighting.device:<22}", said or spoken["alive"], _rssi(sighting.rssi_dbm))
    return "  ".join(part for part in (*parts, _note(sighting.note)) if part)


def device_line(spoken: Words, device: DeviceHealth, zone: tzinfo | None = None) -> str:
    """A device as it is known."""
    battery = "" if device.battery_pct is None else spoken["battery"].format(percent=device.battery_pct)
    parts = (
        f"{device.device:<22}",
        _rssi(device.rssi_dbm),
        battery,
        spoken["heard_of_it"].format(count=device.frames, at=_clock(device.last_seen_at_ms, zone)),
        _counted(spoken, device.errors),
        _note(device.note),
    )
    return "  ".join(part for part in parts if part)


def driver_line(spoken: Words, driver: DriverHealth) -> str:
    """A driver as it is."""
    error = spoken["last_error"].format(error=retold(spoken, driver.last_error)) if driver.last_error else ""
    restarts = spoken["restarts"].format(count=driver.restarts) if driver.restarts else ""
    state = spoken[f"state_{driver.state.value}"]
    parts = (f"{driver.driver:<12}", state, spoken["messages"].format(count=driver.frames), restarts)
    return "  ".join(part for part in (*parts, _counted(spoken, driver.dropped), error) if part)


def stranger_line(spoken: Words, device: str, reasons: str) -> str:
    """Somebody of whom nothing was understood."""
    return f"{device:<22}  {spoken['never_understood'].format(reasons=reasons)}"


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


def _counted(spoken: Words, errors: dict[str, int]) -> str:
    reasons = ", ".join(f"{reason} {times}" for reason, times in errors.items())
    return spoken["not_understood"].format(reasons=reasons) if errors else ""


def _note(note: str) -> str:
    return f"! {note}" if note else ""
