"""``load`` on the command line: its arguments, a bar, and the report.

Responsible for what a person sees of a load. Refuses to carry it out (see ``run``).
"""

from __future__ import annotations

import argparse
import sys
from typing import Final

import msgspec
from rich.console import Console
from rich.progress import Progress

from shigotoba_sim.load.account import Outcome
from shigotoba_sim.load.run import Load, run_load
from shigotoba_sim.settings import SimSettings
from shigotoba_wire.errors import SettingsError

INCOMPLETE: Final = 1
_ABOUT: Final = {
    "gateways": "how many senders, 1 to 999",
    "rounds": "how often every sensor speaks",
    "every_s": "seconds from round to round, 0 for as fast as receipts allow",
    "most_s": "seconds after which nothing more is offered",
    "patience_s": "how long the last receipts are waited for",
    "window": "batches under way at most",
    "twice": "share of batches handed over twice on purpose, 0 to 1",
}


def add_load(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``load``."""
    usual = Load()
    for name, about in _ABOUT.items():
        default = getattr(usual, name)
        option, kind = "--" + name.replace("_", "-"), int if isinstance(default, int) else float
        parser.add_argument(option, type=kind, default=default, help=f"{about}; {default} if not given")
    parser.add_argument("--sensors", type=int, help="how many of the building's sensors; all if not given")
    parser.add_argument("--json", action="store_true", help="the report as JSON")


def load(settings: SimSettings, given: argparse.Namespace) -> int:
    """Offer the load, print what became of it; 1 if anything was lost or refused.

    Raises:
        SettingsError: There is no broker, or the numbers make no sense for this building.
    """
    if settings.broker is None:
        raise SettingsError("load needs to know the upstream broker. Add a [broker] block to the settings.")
    wanted = _wanted(given)
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


def _wanted(given: argparse.Namespace) -> Load:
    try:
        return msgspec.convert({name: getattr(given, name) for name in _ABOUT}, Load)
    except msgspec.ValidationError as error:
        raise SettingsError(f"load: {error}.") from error


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
