"""``discover``: what is in the air and on the wires, and the settings that would suit it (the network: ``subnet``).

Responsible for saying and suggesting. Refuses to change anything: the settings are a suggestion on the screen.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files

from msgspec import ValidationError

from shigotoba_edge.driver import Driver, Surroundings
from shigotoba_edge.drivers import DRIVERS, load
from shigotoba_edge.field.lines import device_line, driver_line
from shigotoba_edge.field.listening import Ear
from shigotoba_edge.field.watching import Say
from shigotoba_edge.field.wires import Port
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.settings_file import convert


def radio_drivers(adapter: str, surroundings: Surroundings) -> dict[str, Driver]:
    """A driver of every kind that needs nothing but a Bluetooth adapter."""
    drivers: dict[str, Driver] = {}
    for kind in (kind for kind in DRIVERS if kind.startswith("ble_")):
        chosen = load(kind)
        try:
            settings = convert({"kind": kind, "name": kind, "adapter": adapter}, chosen.settings)
            drivers[kind] = chosen.build(settings, surroundings)
        except (ValidationError, SettingsError):
            # It needs more than an adapter, such as keys: nothing can be discovered with it.
            continue
    return drivers


async def air(drivers: Mapping[str, Driver], listen_s: float, surroundings: Surroundings, say: Say) -> list[str]:
    """Listen, say who was heard, and suggest the drivers that understood somebody."""
    heard: dict[str, set[str]] = {kind: set() for kind in drivers}
    ears = {kind: Ear(lambda sighting, kind=kind: heard[kind].add(sighting.device)) for kind in drivers}
    say(f"In the air, {listen_s:g} s:")
    async with asyncio.TaskGroup() as group:
        for kind, ear in ears.items():
            group.create_task(_listen(ear, {kind: drivers[kind]}, listen_s, surroundings))
    for kind, ear in ears.items():
        _say_who(kind, ear, say)
    return [f'[[driver]]\nkind = "{kind}"\nname = "{kind}"\n' for kind in drivers if heard[kind]]


async def _listen(ear: Ear, drivers: dict[str, Driver], listen_s: float, surroundings: Surroundings) -> None:
    async with ear.open(drivers, surroundings.rng):
        await asyncio.sleep(listen_s)


def _say_who(kind: str, ear: Ear, say: Say) -> None:
    for driver in ear.drivers():
        if driver.last_error:
            say(f"  {driver_line(driver)}")
    for device in ear.devices():
        say(f"  {kind:<12}  {device_line(device)}  {', '.join(sorted(ear.points.get(device.device, ())))}")
    for device, reasons in ear.strangers().items():
        say(f"  {kind:<12}  {device:<22}  heard, not understood: {reasons}")


def wires(found: Iterable[Port], say: Say) -> Iterator[str]:
    """Say which serial ports there are; suggest a driver for each that is likely."""
    seen = list(found)
    say("On the wires:" if seen else "On the wires: nothing. Is the stick plugged in?")
    for port in seen:
        say(f"  {port.path}  {port.kind or 'unknown device'}  {port.trouble or 'free'}")
        if port.kind:
            yield _sample(port)


def _sample(port: Port) -> str:
    """The driver's sample with this port in it; what only a person knows is theirs to change."""
    sample = files(DRIVERS[port.kind]).joinpath("sample.toml").read_text(encoding="utf-8")
    return re.sub(r"^port = .*$", f'port = "{port.path}"', sample, count=1, flags=re.MULTILINE)
