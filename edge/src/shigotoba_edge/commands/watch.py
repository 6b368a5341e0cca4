"""``watch``: decoded readings in the terminal, until Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from shigotoba_edge.console import say, settled, stopping, surroundings
from shigotoba_edge.field.watching import watch
from shigotoba_edge.field.words import LANGUAGES, Words, words
from shigotoba_edge.settings import read_agent_settings
from shigotoba_wire.spoken import Parser, language


def main(arguments: list[str]) -> int:
    """Watch; the exit status."""
    parser = Parser(
        prog="shigotoba-edge watch",
        description="Shows what the drivers hear; stores and sends nothing. End the agent first where it uses a port.",
    )
    parser.add_argument("--settings", type=Path, required=True, help="the agent's TOML file")
    parser.add_argument("--only", action="append", default=[], metavar="PART", help="devices whose names contain this")
    parser.add_argument("--language", choices=LANGUAGES, default=language(), help="ja or en (the terminal's)")
    chosen = parser.parse_args(arguments)
    spoken = words(chosen.language)
    return settled(lambda: asyncio.run(_watch(chosen.settings, tuple(chosen.only), spoken)), logging.WARNING)


async def _watch(path: Path, only: tuple[str, ...], spoken: Words) -> None:
    stop, here = stopping(), surroundings()
    _, drivers = read_agent_settings(path, here)
    await watch(drivers, say, spoken, stop, here.rng, only)
