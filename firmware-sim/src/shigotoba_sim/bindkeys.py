"""The keys of encrypted BLE sensors, as they would be printed on their labels.

Responsible for the keys and for the file that hands them to the edge, readable by its owner alone. Refuses to log them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from shigotoba_sim.chance import chance_of
from shigotoba_sim.devices import KEYED_KINDS, SeatSensor
from shigotoba_wire.errors import SettingsError


def bindkey_of(address: str) -> bytes:
    """The 16 bytes that the sensor at ``address`` encrypts with; simulated, so anybody may compute them."""
    return chance_of("bindkey", address).randbytes(16)


def write_bindkeys(path: Path, sensors: Iterable[SeatSensor]) -> None:
    """Write the keys of those ``sensors`` that encrypt: a TOML table ``bindkeys`` from address to hexadecimal digits.

    Raises:
        SettingsError: The file cannot be written.
    """
    rows = [f'"{each.address}" = "{bindkey_of(each.address).hex()}"' for each in sensors if each.kind in KEYED_KINDS]
    partial = path.with_name(f".{path.name}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write("\n".join(["[bindkeys]", *rows, ""]))
        partial.replace(path)
    except OSError as error:
        raise SettingsError(f"bindkeys: {error}. Choose a name in a folder you can write.") from error
