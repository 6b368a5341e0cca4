"""What a command of the command line is, and how commands become a parser.

Responsible for that shape. Refuses to know any command.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from shigotoba_backend.settings import BackendSettings


class ObstacleError(Exception):
    """Something outside is in the way of a command; the message says what, and what to do."""


def part(module: str) -> Any:
    """A module of ours, imported by the one command that needs it: its libraries cost others seconds at each start."""
    return importlib.import_module(f"shigotoba_backend.{module}")


class Command(NamedTuple):
    """A command: its name, what it does in a few words, how it runs, and what it wants to be told."""

    name: str
    meaning: str
    run: Callable[[BackendSettings, argparse.Namespace], None]
    add_arguments: Callable[[argparse.ArgumentParser], object] = lambda _parser: None


class Group(NamedTuple):
    """Commands under one name."""

    name: str
    meaning: str
    commands: Sequence[Command]


def add_commands(parser: argparse.ArgumentParser, commands: Sequence[Command | Group]) -> None:
    """Lets ``parser`` take one of the commands; the chosen one's ``run`` is in the result."""
    subparsers = parser.add_subparsers(required=True, metavar="command")
    for command in commands:
        subparser = subparsers.add_parser(command.name, help=command.meaning, description=command.meaning)
        if isinstance(command, Group):
            add_commands(subparser, command.commands)
        else:
            subparser.add_argument("--settings", type=Path, required=True, help="the backend's TOML file")
            subparser.set_defaults(run=command.run)
            command.add_arguments(subparser)
