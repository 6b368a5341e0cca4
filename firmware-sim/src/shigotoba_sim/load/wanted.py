"""How much is to be offered to a broker, and how a person says so.

Responsible for the arguments of ``load`` and their limits. Refuses to load what carries it out: a command line that
asks for something else has no use for it.
"""

from __future__ import annotations

import argparse
from typing import Annotated, Final

import msgspec

from shigotoba_wire.errors import SettingsError

_ABOUT: Final = {
    "gateways": "how many senders, 1 to 999",
    "rounds": "how often every sensor speaks",
    "every_s": "seconds from round to round, 0 for as fast as receipts allow",
    "most_s": "seconds after which nothing more is offered",
    "patience_s": "how long the last receipts are waited for",
    "window": "batches under way at most",
    "twice": "share of batches handed over twice on purpose, 0 to 1",
}


class Load(msgspec.Struct, frozen=True):
    """How much, how long.

    Attributes:
        gateways: How many senders.
        rounds: How often every sensor speaks.
        every_s: Seconds from round to round; 0 for as fast as receipts allow.
        most_s: Nothing is offered later than this, also when receipts make no room for it.
        patience_s: How long the last receipts are waited for.
        window: Batches under way at most.
        twice: Share of batches that are handed over twice on purpose.
    """

    gateways: Annotated[int, msgspec.Meta(ge=1, le=999)] = 4
    rounds: Annotated[int, msgspec.Meta(ge=1)] = 60
    every_s: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    most_s: Annotated[float, msgspec.Meta(gt=0)] = 60.0
    patience_s: Annotated[float, msgspec.Meta(ge=0)] = 30.0
    window: Annotated[int, msgspec.Meta(ge=1)] = 200
    twice: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0


def add_load(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``load``."""
    usual = Load()
    for name, about in _ABOUT.items():
        default = getattr(usual, name)
        option, kind = "--" + name.replace("_", "-"), int if isinstance(default, int) else float
        parser.add_argument(option, type=kind, default=default, help=f"{about}; {default} if not given")
    parser.add_argument("--sensors", type=int, help="how many of the building's sensors; all if not given")
    parser.add_argument("--json", action="store_true", help="the report as JSON")


def wanted_of(given: argparse.Namespace) -> Load:
    """The load that the arguments ask for.

    Raises:
        SettingsError: A number makes no sense.
    """
    try:
        return msgspec.convert({name: getattr(given, name) for name in _ABOUT}, Load)
    except msgspec.ValidationError as error:
        raise SettingsError(f"load: {error}.") from error
