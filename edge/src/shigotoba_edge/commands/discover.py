"""``discover``: what is in the air, on the wires, and at the addresses you name; with settings to copy."""

from __future__ import annotations

import argparse
import asyncio
import logging
from pathlib import Path

from shigotoba_edge.console import say, settled, surroundings
from shigotoba_edge.field import discovery
from shigotoba_edge.field.subnet import Network, addresses, network
from shigotoba_edge.field.wires import BY_ID, ports
from shigotoba_wire.spoken import Parser


def main(arguments: list[str]) -> int:
    """Discover; the exit status."""
    parser = Parser(prog="shigotoba_edge discover", description=__doc__)
    parser.add_argument("--air", type=float, default=30.0, metavar="SECONDS", help="listen so long; 0: not at all")
    parser.add_argument("--adapter", default="", help="address of the Bluetooth adapter")
    parser.add_argument("--wires", type=Path, default=BY_ID, metavar="FOLDER", help="where the serial ports are")
    parser.add_argument("--subnet", action="append", default=[], metavar="NETWORK", help="printers at 192.0.2.0/28")
    parser.add_argument("--port", type=int, default=161, help="UDP port of the printers' SNMP agents")
    parser.add_argument("--community-file", type=Path, help="file of the printers' read community")
    chosen = parser.parse_args(arguments)
    return settled(lambda: asyncio.run(_discover(chosen)), logging.WARNING)


async def _discover(chosen: argparse.Namespace) -> None:
    hosts, here = tuple(addresses(chosen.subnet)), surroundings()
    suggested: list[str] = []
    if chosen.air > 0:
        suggested += await discovery.air(discovery.radio_drivers(chosen.adapter, here), chosen.air, here, say)
    suggested += discovery.wires(ports(chosen.wires), say)
    if hosts:
        suggested += await network(Network(hosts, chosen.port, chosen.community_file), say)
    say("\nSuggested settings:\n" if suggested else "\nNothing was found that a driver is for.")
    for table in suggested:
        say(table)
