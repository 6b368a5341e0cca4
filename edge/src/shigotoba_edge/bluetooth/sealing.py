"""What a driver of sealed sensors has: its keys, and their counters on disk.

Responsible for putting the two together from settings. Refuses to know any protocol.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from shigotoba_edge.bluetooth.advert import device_at
from shigotoba_edge.bluetooth.confirming import Confirming
from shigotoba_edge.bluetooth.counters import CounterFile
from shigotoba_edge.bluetooth.keys import Keys, read_keys
from shigotoba_edge.bluetooth.radio import RadioSettings
from shigotoba_edge.bluetooth.sealed import Keyring
from shigotoba_edge.driver import TableError
from shigotoba_edge.logbook import Logbook, Sighting


class SealedSettings(RadioSettings, frozen=True, kw_only=True):
    """What the table of a driver with sealed sensors holds.

    Attributes:
        key_file: The keys of the sensors (see ``keys``).
        counter_file: Where the counters of the sensors are kept (SQLite); the agent must be able to write it.
    """

    key_file: Path | None = None
    counter_file: Path | None = None


class Sealing:
    """Keys and counters of one driver.

    Attributes:
        keyring: What opens its frames.

    Raises:
        SettingsError: The key file is wrong, or there is no counter file beside it.
    """

    def __init__(self, settings: SealedSettings) -> None:
        if (settings.key_file is None) != (settings.counter_file is None):
            given = "counter_file" if settings.key_file is None else "key_file"
            raise TableError("`key_file` and `counter_file` go together. Name both or none.", given)
        self.keyring = Keyring({}) if settings.key_file is None else _keyring(read_keys(settings.key_file))
        self._counter_file = settings.counter_file

    @contextlib.asynccontextmanager
    async def reporting_to(self, logbook: Logbook) -> AsyncGenerator[Callable[[Sighting], None], None]:
        """How to report sightings: those of sealed frames once their counters are on disk.

        Raises:
            DriverError: The counters cannot be read.
        """
        if self._counter_file is None:
            yield logbook.sighted
            return
        with contextlib.closing(CounterFile(self._counter_file)) as file:
            self.keyring.restore(file.at_first)
            confirming = Confirming(self.keyring, file, logbook)
            async with confirming.running():
                yield confirming.sighted


def _keyring(keys: Keys) -> Keyring:
    return Keyring(
        {device_at(address): key for address, key in keys.keys.items()},
        {device_at(address): times for address, times in keys.restarts.items()},
    )
