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
from shigotoba_edge.field.words import LANGUAGES, Words, words
from shigotoba_wire.spoken import Parser, language


def main(arguments: list[str]) -> int:
    """Discover; the exit status."""
    parser = Parser(
        prog="shigotoba-edge discover",
        description="Shows what is in the air, on the wires, and at the addresses you name; with settings to copy.",
    )
    parser.add_argument("--air", type=float, default=30.0, metavar="SECONDS", help="listen so long; 0: not at all (30)")
    parser.add_argument("--adapter", default="", help="address of the Bluetooth adapter")
    parser.add_argument("--wires", type=Path, default=BY_ID, metavar="FOLDER", help="where the serial ports are")
    parser.add_argument("--subnet", action="append", default=[], metavar="NETWORK", help="printers at 192.0.2.0/28")
    parser.add_argument("--port", type=int, default=161, help="UDP port of the printers' SNMP agents")
    parser.add_argument("--community-file", type=Path, help="file of the printers' read community")
    parser.add_argument("--language", choices=LANGUAGES, default=language(), help="ja or en (the terminal's)")
    chosen = parser.parse_args(arguments)
    return settled(lambda: asyncio.run(_discover(chosen, words(chosen.language))), logging.WARNING)


async def _discover(chosen: argparse.Namespace, spoken: Words) -> None:
    hosts, here = tuple(addresses(chosen.subnet)), surroundings()
    suggested: list[str] = []
    if chosen.air > 0:
        radio = discovery.radio_drivers(chosen.adapter, here)
        suggested += await discovery.air(radio, chosen.air, here, say, spoken)
    suggested += discovery.wires(ports(chosen.wires), say, spoken)
    if hosts:
        suggested += await network(Network(hosts, chosen.port, chosen.community_file), say, spoken)
    say(f"\n{spoken['suggested' if suggested else 'nothing_found']}\n")
    for table in suggested:
        say(table)
