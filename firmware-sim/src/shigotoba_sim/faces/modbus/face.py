"""The wired face: presence inputs and buttons of booths at one input module.

Responsible for which input shows an event. Refuses to know the other media.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shigotoba_sim.building import Building
from shigotoba_sim.devices import WIRED_INPUTS_PER_BOOTH, WIRED_UNIT
from shigotoba_sim.faces.modbus.module import InputModule
from shigotoba_sim.faults.schedule import Faults
from shigotoba_sim.plan.events import Event, Presence, Press, Rocker

_SIDES: Final[dict[Rocker, int]] = {"AI": 0, "BI": 0, "AO": 1, "BO": 1}
"""Which of a button's two inputs: enter, leave."""


class WiredFace:
    """Everything of ``place`` that is wired, behind a module at ``tty``."""

    def __init__(self, place: Building, tty: Path, faults: Faults) -> None:
        self._faults = faults
        wired = [booth.presence for booth in place.booths if booth.presence.kind == "wired"]
        self._presence = {sensor.space: (sensor.device, int(sensor.address)) for sensor in wired}
        self._buttons = {
            booth.space: (booth.button_device, int(booth.button_id))
            for booth in place.booths
            if booth.button == "wired"
        }
        self._module = InputModule(tty, WIRED_UNIT, WIRED_INPUTS_PER_BOOTH * len(wired))

    async def open(self, occupied: Mapping[str, bool]) -> None:
        """Switch the module on, each presence input as ``occupied`` says of its space.

        Raises:
            SettingsError: The module's link cannot be there.
        """
        for space, (_device, number) in self._presence.items():
            self._module.inputs.set(number, occupied[space])
        self._module.open()

    async def close(self) -> None:
        """Switch the module off."""
        self._module.close()

    async def lost(self) -> str:
        """A module is never lost: wait for ever."""
        return await asyncio.get_running_loop().create_future()

    def tell(self, event: Event) -> None:
        """Show ``event`` if it happens at an input that is alive."""
        match event:
            case Presence(at_ms, space, taken) if space in self._presence:
                device, number = self._presence[space]
                self._module.inputs.set(number, taken and not self._faults.silent(device, at_ms))
            case Press(at_ms, space, side) if space in self._buttons:
                device, first = self._buttons[space]
                if not self._faults.silent(device, at_ms):
                    self._module.press(first + _SIDES[side])
            case _:
                return

    async def look(self, now_ms: int) -> None:
        """Nothing about a wire changes by itself."""
