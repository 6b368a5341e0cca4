"""The commands a person gives on the command line: their arguments, and the command they make.

Responsible for sit, leave, press, print and fax. Refuses to write them anywhere (see ``cli``).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import get_args

from shigotoba_sim.commands import MOST_SIDES, Command, FaxPages, Leave, PressRocker, PrintSides, Sit
from shigotoba_sim.plan.events import Rocker

AddParser = Callable[[str, str], argparse.ArgumentParser]
"""Makes the parser of a command from its name and one line about it."""


def add_acts(add: AddParser) -> None:
    """Add the five commands; each leaves ``make``, a function from time and arguments to a ``Command``."""
    for name, make, about in (("sit", _sit, "take a seat or booth"), ("leave", _leave, "leave a seat or booth")):
        parser = add(name, about)
        parser.add_argument("space", help="such as 3f-s05 or 3f-b1")
        parser.set_defaults(make=make)
    _add_press(add("press", "press the rocker of a booth"))
    _add_print(add("print", "print or copy"))
    _add_fax(add("fax", "send or receive a fax"))


def _add_press(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("space", help="such as 3f-b1")
    parser.add_argument("--button", choices=get_args(Rocker), default="AI", help="I starts a use, O ends it")
    parser.set_defaults(make=_press)


def _add_print(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("mfp", help="place or device of a printer, such as 3f-p1")
    parser.add_argument("--sides", type=_amount, default=1, help="impressions, 1 if not given")
    parser.add_argument("--copy", action="store_true", help="copied, not printed from a computer")
    parser.add_argument("--duplex", action="store_true", help="on both sides of the sheets")
    parser.add_argument("--colour", action="store_true", help="in colour")
    parser.set_defaults(make=_print)


def _add_fax(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("mfp", help="place or device of a printer, such as 3f-p1")
    parser.add_argument("--pages", type=_amount, default=1, help="1 if not given")
    parser.add_argument("--received", action="store_true", help="received and printed, not sent")
    parser.set_defaults(make=_fax)


def _amount(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_SIDES:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {MOST_SIDES}")


def _sit(at_ms: int, given: argparse.Namespace) -> Command:
    return Sit(at_ms, given.space)


def _leave(at_ms: int, given: argparse.Namespace) -> Command:
    return Leave(at_ms, given.space)


def _press(at_ms: int, given: argparse.Namespace) -> Command:
    return PressRocker(at_ms, given.space, given.button)


def _print(at_ms: int, given: argparse.Namespace) -> Command:
    return PrintSides(at_ms, given.mfp, given.sides, "copy" if given.copy else "print", given.duplex, given.colour)


def _fax(at_ms: int, given: argparse.Namespace) -> Command:
    return FaxPages(at_ms, given.mfp, given.pages, "in" if given.received else "out")
