"""How third-party sensors are doing: counted by mapping file and by device, told as an agent's health.

Responsible for counting. Refuses to judge, except that a device silent for 2.5 keep-alives gets a note.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from typing import Final

import msgspec

from shigotoba_gateway.thirdparty.understanding import Understood
from shigotoba_wire.health import AgentHealth, DeviceHealth, DriverHealth, DriverState

AGENT: Final = "third-party"
"""The name these sensors' health goes under, beside the agents'."""

MOST_DEVICES: Final = 2_000
"""Beyond this the one unheard for longest is forgotten: whoever may publish can invent devices."""

SILENT_KEEP_ALIVES: Final = 2.5


class Tally:
    """Counters since the start. Written by the thread that takes in, read by any."""

    def __init__(self, files: Iterable[str], started_at_ms: int) -> None:
        self._lock = threading.Lock()
        self._started_at_ms = started_at_ms
        self._frames: Counter[str] = Counter(dict.fromkeys(files, 0))
        self._dropped: dict[str, Counter[str]] = {file: Counter() for file in self._frames}
        self._devices: dict[str, tuple[DeviceHealth, float]] = {}
        self._last_error: dict[str, str] = {}

    def understood(self, file: str, said: Understood, at_ms: int, keep_alive_s: float) -> None:
        """A message was understood, at least in part."""
        battery_pct = next((float(one.value) for one in said.readings if one.point == "battery_pct"), None)
        flaws = [flaw.reason for flaw in said.flaws]
        with self._lock:
            self._frames[file] += 1
            self._dropped[file].update(flaws)
            if said.flaws:
                self._last_error[file] = f"{said.device}: {said.flaws[-1]}"
            known, _ = self._devices.pop(said.device, (DeviceHealth(said.device, at_ms), 0.0))
            now = msgspec.structs.replace(
                known,
                last_seen_at_ms=at_ms,
                battery_pct=known.battery_pct if battery_pct is None else battery_pct,
                frames=known.frames + 1,
                errors=dict(Counter(known.errors) + Counter(flaws)),
            )
            self._devices[said.device] = now, keep_alive_s
            if len(self._devices) > MOST_DEVICES:
                del self._devices[next(iter(self._devices))]

    def held_up(self, device: str, at_ms: int) -> None:
        """A device says nothing, but is connected."""
        with self._lock:
            if device in self._devices:
                known, keep_alive_s = self._devices[device]
                self._devices[device] = msgspec.structs.replace(known, last_seen_at_ms=at_ms), keep_alive_s

    def dropped(self, file: str, reason: str, detail: str = "") -> None:
        """A message was not taken."""
        with self._lock:
            self._dropped[file][reason] += 1
            if detail:
                self._last_error[file] = detail

    def health(self, at_ms: int, *, connected: bool) -> AgentHealth:
        """All of it as a message."""
        state = DriverState.RUNNING if connected else DriverState.WAITING
        with self._lock:
            drivers = tuple(
                DriverHealth(file, state, frames, dict(self._dropped[file]), 0, self._last_error.get(file, ""))
                for file, frames in self._frames.items()
            )
            devices = tuple(
                msgspec.structs.replace(device, note=_silence(device, keep_alive_s, at_ms))
                for device, keep_alive_s in self._devices.values()
            )
        return AgentHealth(AGENT, at_ms, self._started_at_ms, "", 1, 0, drivers, devices)


def _silence(device: DeviceHealth, keep_alive_s: float, at_ms: int) -> str:
    silent_s = (at_ms - device.last_seen_at_ms) / 1000
    if silent_s <= SILENT_KEEP_ALIVES * keep_alive_s:
        return ""
    return f"silent for {silent_s:.0f} s, though it should speak every {keep_alive_s:g} s"
