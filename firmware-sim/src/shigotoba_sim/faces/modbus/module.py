"""An input module with an RS-485 adapter, on a pseudo terminal.

Frames end where the line falls silent. A pseudo terminal has no bit times, so a pause of ``PAUSE_S`` takes their place;
a request that is complete before is answered at once. Responsible for the line and for the length of a press.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from shigotoba_sim.faces.modbus.inputs import Inputs
from shigotoba_sim.faces.modbus.rtu import answer
from shigotoba_sim.faces.pty import VirtualPort

PAUSE_S: Final = 0.05
HELD_S: Final = 0.15
"""How long a finger stays on a button."""

_LONGEST: Final = 256


class InputModule:
    """The module ``unit`` with ``size`` inputs at ``tty``.

    Attributes:
        inputs: Its levels and counts.
    """

    def __init__(self, tty: Path, unit: int, size: int) -> None:
        self.inputs = Inputs(size)
        self._unit = unit
        self._port = VirtualPort("modbus_tty", tty, self._hear)
        self._heard = bytearray()
        self._pause: asyncio.TimerHandle | None = None
        self._held: dict[int, asyncio.TimerHandle] = {}

    def open(self) -> None:
        """Switch it on.

        Raises:
            SettingsError: The link cannot be where the settings want it.
        """
        self._port.open()

    def close(self) -> None:
        """Switch it off."""
        for timer in (self._pause, *self._held.values()):
            if timer is not None:
                timer.cancel()
        self._held.clear()
        self._port.close()

    def press(self, number: int) -> None:
        """Somebody pushes the button at input ``number``; it comes up after ``HELD_S``."""
        if number in self._held:
            self._held[number].cancel()
            self._release(number)
        self.inputs.set(number, True)
        self._held[number] = asyncio.get_running_loop().call_later(HELD_S, self._release, number)

    def _release(self, number: int) -> None:
        del self._held[number]
        self.inputs.set(number, False)

    def _hear(self, data: bytes) -> None:
        if self._pause is not None:
            self._pause.cancel()
        self._heard = (self._heard + data)[-_LONGEST:]
        said = answer(bytes(self._heard), self._unit, self.inputs)
        if said is not None:
            self._heard.clear()
            self._port.write(said)
        self._pause = asyncio.get_running_loop().call_later(PAUSE_S, self._heard.clear)
