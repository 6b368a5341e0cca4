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
from shigotoba_edge.field.lines import device_line, driver_line, stranger_line
from shigotoba_edge.field.listening import Ear
from shigotoba_edge.field.watching import Say
from shigotoba_edge.field.wires import Port
from shigotoba_edge.field.words import Words, retold
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.health import DeviceHealth
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


async def air(
    drivers: Mapping[str, Driver], listen_s: float, surroundings: Surroundings, say: Say, spoken: Words
) -> list[str]:
    """Listen, say who was heard, and suggest the drivers that understood somebody."""
    heard: dict[str, set[str]] = {kind: set() for kind in drivers}
    ears = {kind: Ear(lambda sighting, kind=kind: heard[kind].add(sighting.device)) for kind in drivers}
    say(spoken["in_the_air"].format(seconds=listen_s))
    async with asyncio.TaskGroup() as group:
        for kind, ear in ears.items():
            group.create_task(_listen(ear, {kind: drivers[kind]}, listen_s, surroundings))
    lines = [line for kind, ear in ears.items() for line in _who(kind, ear, spoken)]
    for line in lines or [spoken["nobody_in_the_air"]]:
        say(line)
    return [f'[[driver]]\nkind = "{kind}"\nname = "{kind}"\n' for kind in drivers if heard[kind]]


async def _listen(ear: Ear, drivers: dict[str, Driver], listen_s: float, surroundings: Surroundings) -> None:
    async with ear.open(drivers, surroundings.rng):
        await asyncio.sleep(listen_s)


def _who(kind: str, ear: Ear, spoken: Words) -> Iterator[str]:
    for driver in ear.drivers():
        if driver.last_error:
            yield f"  {driver_line(spoken, driver)}"
    for device in sorted(ear.devices(), key=_weakness):
        points = ", ".join(sorted(ear.points.get(device.device, ())))
        yield f"  {kind:<12}  {device_line(spoken, device)}  {points}"
    for device, reasons in ear.strangers().items():
        yield f"  {kind:<12}  {stranger_line(spoken, device, reasons)}"


def _weakness(device: DeviceHealth) -> int:
    return 0 if device.rssi_dbm is None else -device.rssi_dbm


def wires(found: Iterable[Port], say: Say, spoken: Words) -> Iterator[str]:
    """Say which serial ports there are; suggest a driver for each that is likely."""
    seen = list(found)
    say(spoken["on_the_wires" if seen else "nothing_on_the_wires"])
    for port in seen:
        trouble = retold(spoken, port.trouble) or spoken["port_free"]
        say(f"  {port.path}  {port.kind or spoken['port_unknown']}  {trouble}")
        if port.kind:
            yield _sample(port)


def _sample(port: Port) -> str:
    """The driver's sample with this port in it; what only a person knows is theirs to change."""
    sample = files(DRIVERS[port.kind]).joinpath("sample.toml").read_text(encoding="utf-8")
    return re.sub(r"^port = .*$", f'port = "{port.path}"', sample, count=1, flags=re.MULTILINE)
