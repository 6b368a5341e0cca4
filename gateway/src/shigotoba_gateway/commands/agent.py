"""``shigotoba-gateway agent add|remove|list``: who may speak to the broker on this device."""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from shigotoba_gateway.commands.console import complain, inform, say
from shigotoba_gateway.commands.places import add_broker, add_settings, broker_of
from shigotoba_gateway.identity.agents import (
    add_gateway,
    add_user,
    agent_rules,
    device_rules,
    remove_user,
    users,
    write_edge_settings,
)
from shigotoba_gateway.settings import GatewaySettings
from shigotoba_wire.errors import WireError
from shigotoba_wire.settings import read_settings
from shigotoba_wire.spoken import Parser

SYSTEMD: Final = Path("/run/systemd/system")


def main(arguments: Sequence[str]) -> int:
    """Add, remove or list; 1 if it cannot be done."""
    options = _parser().parse_args(arguments)
    try:
        options.run_command(options)
    except (WireError, OSError) as error:
        complain(error)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="shigotoba-gateway agent", description="Users of this device's own broker.")
    actions = parser.add_subparsers(required=True, metavar="action")
    for name, meaning, run in (
        ("add", "give an agent a password and its topics; also the gateway itself", _add),
        ("remove", "take them away", _remove),
        ("list", "who is known, and what they may", _list),
    ):
        action = actions.add_parser(name, help=meaning, description=meaning)
        action.set_defaults(run_command=run)
        add_settings(action)
        add_broker(action)
        if name != "list":
            action.add_argument("name", help="such as edge-1")
        if name == "add":
            action.add_argument(
                "--write-settings", type=Path, metavar="FILE", help="its settings, unless they are there"
            )
            action.add_argument("--topic", action="append", metavar="FILTER", help="its own, such as zigbee2mqtt/#")
    return parser


def _add(options: argparse.Namespace) -> None:
    gateway, broker = read_settings(options.settings, GatewaySettings).gateway, broker_of(options)
    add_gateway(broker, gateway)
    rules = device_rules(options.topic) if options.topic else agent_rules(gateway, options.name)
    if options.name != gateway:
        add_user(broker, options.name, rules)
    if options.write_settings is not None:
        write_edge_settings(options.write_settings, gateway, options.name)
    reload_broker()
    inform(f"{options.name}: its password is in {broker.secret(options.name)}")


def _remove(options: argparse.Namespace) -> None:
    remove_user(broker_of(options), options.name)
    reload_broker()
    inform(f"{options.name}: removed")


def _list(options: argparse.Namespace) -> None:
    for name, rules in users(broker_of(options)).items():
        say(f"{name}: {'; '.join(rule.removeprefix('topic ') for rule in rules)}")


def reload_broker() -> None:
    """Let the broker on this device read its files anew, where systemd runs it."""
    if not SYSTEMD.is_dir():
        inform("ask the local broker to read its files anew (SIGHUP)")
        return
    subprocess.run(["systemctl", "try-reload-or-restart", "mosquitto"], check=False)
