"""The command line: which command with which arguments, and errors as one line and status 2."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from shigotoba_standalone.brokers.embedded_process import read_configuration, run
from shigotoba_standalone.errors import StandaloneError


def main(arguments: Sequence[str]) -> int:
    """Run one command; its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except StandaloneError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shigotoba_standalone", description="Shigotoba on one machine.")
    commands = parser.add_subparsers(required=True, metavar="command")
    broker = commands.add_parser("amqtt-broker", help="run the embedded MQTT broker (the supervisor does this)")
    broker.add_argument("--settings", type=Path, required=True)
    broker.set_defaults(run=_broker)
    return parser


def _broker(options: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(run(read_configuration(options.settings)))
    return 0
