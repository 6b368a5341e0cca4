"""``load`` on the command line: a bar, and the report.

Responsible for what a person sees of a load. Refuses to carry it out (``run``) and to know its arguments (``wanted``).
"""

from __future__ import annotations

import argparse
import sys
from typing import Final

import msgspec
from rich.console import Console
from rich.progress import Progress

from shigotoba_sim.load.account import Outcome
from shigotoba_sim.load.run import run_load
from shigotoba_sim.load.wanted import wanted_of
from shigotoba_sim.settings import SimSettings
from shigotoba_wire.errors import SettingsError

INCOMPLETE: Final = 1


def load(settings: SimSettings, given: argparse.Namespace) -> int:
    """Offer the load, print what became of it; 1 if anything was lost or refused.

    Raises:
        SettingsError: There is no broker, or the numbers make no sense for this building.
    """
    if settings.broker is None:
        raise SettingsError("load needs to know the upstream broker. Add a [broker] block to the settings.")
    wanted = wanted_of(given)
    sensors = [sensor.device for sensor in settings.place.sensors]
    number = len(sensors) if given.sensors is None else given.sensors
    if not wanted.gateways <= number <= len(sensors):
        raise SettingsError(
            f"--sensors {number}: this building has {len(sensors)}, and each of the {wanted.gateways} gateways needs "
            "one at least. Change `seats` in the settings, or the numbers."
        )
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("receipted", total=number * wanted.rounds)
        outcome = run_load(
            wanted, settings.broker, settings.site, sensors[:number], lambda done: bar.update(task, completed=done)
        )
    sys.stdout.write(_json(outcome) if given.json else _text(outcome))
    return 0 if outcome.receipted == outcome.offered else INCOMPLETE


def _json(outcome: Outcome) -> str:
    rates = {"receipted_per_s": outcome.receipted_per_s, "own_share": outcome.own_share}
    return msgspec.json.encode(msgspec.structs.asdict(outcome) | rates).decode() + "\n"


def _text(outcome: Outcome) -> str:
    latency = ", ".join(f"{name} {value * 1000:.0f} ms" for name, value in outcome.latency_s.items())
    return (
        f"offered {outcome.offered}, receipted {outcome.receipted}, refused {outcome.refused}, lost {outcome.lost}, "
        f"duplicated {outcome.duplicated}\n"
        f"{outcome.receipted_per_s:.0f} readings/s over {outcome.wall_s:.1f} s; "
        f"the generator itself took {outcome.own_share:.0%} of a core\n"
        f"from handing over to receipt: {latency or 'nothing receipted'}\n"
    )
