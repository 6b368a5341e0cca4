"""What a command of the command line is, and how commands become a parser.

Responsible for that shape. Refuses to know any command.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from shigotoba_backend.settings import BackendSettings
from shigotoba_wire.spoken import language, said


class ObstacleError(Exception):
    """Something outside is in the way of a command; the message says what, and what to do."""


def tell(text: object) -> None:
    """What a command has to say, each line in the language of the terminal."""
    for line in str(text).splitlines():
        sys.stdout.write(f"{said(line, language())}\n")


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


class Part(NamedTuple):
    """A word of the command line, and where what it means is to be found.

    Attributes:
        name: The word.
        meaning: What it does in a few words.
        module: Of ours; loaded when the word is used.
        found: The name there of a command, or of the commands of a group.
    """

    name: str
    meaning: str
    module: str
    found: str = "COMMANDS"


class Problems(NamedTuple):
    """What the module of a command raises: its ``PROBLEMS`` are in what was given, its ``OBSTACLES`` outside."""

    wrongly_given: tuple[type[Exception], ...] = ()
    in_the_way: tuple[type[Exception], ...] = ()


def add_parts(parser: argparse.ArgumentParser, parts: Sequence[Part], arguments: Sequence[str]) -> Problems:
    """Lets ``parser`` take the part that ``arguments`` begin with, and tell of the others; what may go wrong in it."""
    chosen = next((word for word in arguments if not word.startswith("-")), None)
    subparsers = parser.add_subparsers(required=True, metavar="command")
    problems = Problems()
    for each in parts:
        subparser = subparsers.add_parser(each.name, help=each.meaning, description=each.meaning)
        if each.name == chosen:
            module = part(each.module)
            _fill(subparser, getattr(module, each.found))
            problems = Problems(getattr(module, "PROBLEMS", ()), getattr(module, "OBSTACLES", ()))
    return problems


def _fill(parser: argparse.ArgumentParser, found: Command | Sequence[Command | Group]) -> None:
    if isinstance(found, Command):
        _add_command(parser, found)
    else:
        add_commands(parser, found)


def _add_command(parser: argparse.ArgumentParser, command: Command) -> None:
    parser.add_argument("--settings", type=Path, required=True, help="the backend's TOML file")
    parser.set_defaults(run=command.run)
    command.add_arguments(parser)


def add_commands(parser: argparse.ArgumentParser, commands: Sequence[Command | Group]) -> None:
    """Lets ``parser`` take one of the commands; the chosen one's ``run`` is in the result."""
    subparsers = parser.add_subparsers(required=True, metavar="command")
    for command in commands:
        subparser = subparsers.add_parser(command.name, help=command.meaning, description=command.meaning)
        if isinstance(command, Group):
            add_commands(subparser, command.commands)
        else:
            _add_command(subparser, command)
