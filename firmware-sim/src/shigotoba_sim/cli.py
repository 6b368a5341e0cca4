"""The command line of the simulator.

Responsible for arguments, exit statuses and what is printed. Refuses to do any of the work.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

import msgspec

from shigotoba_sim.acts import add_acts
from shigotoba_sim.clock import ZONE
from shigotoba_sim.commands import CommandError, append_command, check
from shigotoba_sim.compare.arguments import add_compare
from shigotoba_sim.load.wanted import add_load
from shigotoba_sim.scenario.marks import due_marks
from shigotoba_sim.scenario.reading import read_scenario
from shigotoba_sim.settings import SimSettings, read_sim_settings
from shigotoba_wire.errors import SettingsError, WireError
from shigotoba_wire.logs import begin
from shigotoba_wire.spoken import Parser, complain

FAILED: Final = 1
REFUSED: Final = 2
FASTEST: Final = 3600

AddCommand = Callable[[str, str, "Run"], argparse.ArgumentParser]
"""Makes the parser of a command from its name, one line about it, and what does its work."""

Run = Callable[[SimSettings, argparse.Namespace], int | None]
"""Does the work of a command; returns the exit status, None for 0."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 for a failure, 2 for settings or a command that are wrong."""
    given = _parser().parse_args(arguments)
    try:
        settings = _settings(given)
        begin(settings.logs)
        return given.run(settings, given) or 0
    except (SettingsError, CommandError) as error:
        complain(error)
        return REFUSED
    except WireError as error:
        complain(error)
        return FAILED


def _settings(given: argparse.Namespace) -> SimSettings:
    """The settings file, with what the command line says otherwise."""
    settings = read_sim_settings(given.settings)
    others = {name: getattr(given, name) for name in ("seed", "scenario", "speed") if getattr(given, name) is not None}
    return msgspec.structs.replace(settings, **others)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m shigotoba_sim",
        description="A simulated office building: its devices, its people, and what really happened in it.",
        epilog="All commands of one run read the same settings file; firmware-sim/README.md shows the smallest, "
        "docs/simulator.md how to write a scenario. Each command tells its options with --help.",
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, about: str, run: Run) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=f"{about.capitalize()}.")
        added.add_argument("--settings", type=Path, required=True, help="the settings file, sim.toml")
        added.add_argument("--seed", type=int, help="another building and other people than the settings say")
        added.add_argument("--scenario", type=Path, help="what is different in this run, a TOML file")
        added.add_argument("--speed", type=_speed, help="seconds in the live building per second on the wall")
        added.set_defaults(run=run)
        return added

    _add_works(add)
    marks = add("marks", "print what a runner has to do to processes, and when", _marks)
    marks.add_argument("--out", type=Path, help="file to write; standard output if not given")
    marks.add_argument("--json", action="store_true", help="the form there is; said so that it can be relied on")
    add_acts(lambda name, about: add(name, about, _act))
    return parser


def _add_works(add: AddCommand) -> None:
    """The commands that need the whole plan."""
    describe = add("describe", "write site.json: floors, spaces, devices", _loaded("works", "describe"))
    describe.add_argument("--out", type=Path, help="file to write; standard output if not given")
    describe.add_argument("--staff", type=Path, metavar="FILE", help="also write the accounts that the people need")
    add("live", "play the building's devices until stopped", _loaded("works", "live"))
    add("history", "write the readings from opened_on to lively_from, once", _loaded("works", "history"))
    bookings = add(
        "bookings",
        "write the bookings from opened_on to lively_from, for the backend's `bookings take-over`",
        _loaded("works", "bookings"),
    )
    bookings.add_argument("--out", type=Path, required=True, help="file to write, a JSON line each")
    truth = add("truth", "say what really happened", _loaded("works", "truth"))
    truth.add_argument("--from", dest="start", type=_moment, required=True, help="ISO time; Japan's if without offset")
    truth.add_argument("--to", dest="end", type=_moment, required=True, help="ISO time, itself not included")
    truth.add_argument("--json", action="store_true", help="everything, for programs")
    add_compare(
        add("compare", "hold the truth against the product's figures", _loaded("compare.command", "compare")), _day
    )
    add_load(
        add(
            "load",
            "offer many readings straight to the broker, and say what became of them",
            _loaded("load.command", "load"),
        )
    )


def _loaded(module: str, name: str) -> Run:
    """A command that is loaded when it is run: who sits down does not wait for what compares."""

    def run(settings: SimSettings, given: argparse.Namespace) -> int | None:
        return getattr(importlib.import_module(f"shigotoba_sim.{module}"), name)(settings, given)

    return run


def _marks(settings: SimSettings, given: argparse.Namespace) -> None:
    due = due_marks(read_scenario(settings.scenario, settings.place), settings.pace)
    lines = "".join(msgspec.json.encode(mark).decode() + "\n" for mark in due)
    if given.out is None:
        sys.stdout.write(lines)
    else:
        given.out.write_text(lines, encoding="utf-8")


def _act(settings: SimSettings, given: argparse.Namespace) -> None:
    command = given.make(settings.pace.inside(_now_ms()), given)
    check(command, settings.place, settings.lively_ms)
    append_command(settings.commands, command)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not an ISO time such as 2026-11-20T00:00:00+09:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-11-02") from error


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= FASTEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0 and up to {FASTEST}")
    return speed


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
