"""``commission``: give each device its place, by sitting down, pressing, and comparing with the panel."""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

from shigotoba_edge.console import say, say_on, settled, stopping, surroundings
from shigotoba_edge.field.commissioning import Commissioning
from shigotoba_edge.field.dialogue import AbandonedError, Dialogue
from shigotoba_edge.field.enrolling import Enrolling
from shigotoba_edge.field.listening import Ear
from shigotoba_edge.field.lists import lists_of, make_missing
from shigotoba_edge.field.record import Record
from shigotoba_edge.field.words import LANGUAGES, Words, retold, words
from shigotoba_edge.settings import AgentSettings, fingerprints, read_agent_settings
from shigotoba_wire.settings import read_settings
from shigotoba_wire.spoken import Parser, language


def main(arguments: list[str]) -> int:
    """Commission; the exit status."""
    parser = Parser(
        prog="shigotoba-edge commission",
        description="Gives each device its place, by sitting down, pressing, and comparing with the panel.",
    )
    parser.add_argument("--settings", type=Path, required=True, help="the agent's TOML file; end the agent first")
    parser.add_argument("--record", type=Path, required=True, help="file to write down what was confirmed")
    parser.add_argument("--language", choices=LANGUAGES, default=language(), help="ja or en (the terminal's)")
    chosen = parser.parse_args(arguments)
    return settled(
        lambda: asyncio.run(_commission(chosen.settings, Record(chosen.record), words(chosen.language))),
        logging.WARNING,
    )


async def _commission(path: Path, record: Record, spoken: Words) -> None:
    here, stop = surroundings(), stopping()
    for made in make_missing(read_settings(path, AgentSettings)):
        say(spoken["made"].format(path=made))
    settings, drivers = read_agent_settings(path, here)

    async def renew() -> None:
        # With nothing shared: what the old drivers share goes when they go.
        changed, renewed = await asyncio.to_thread(read_agent_settings, path, surroundings())
        await ear.arrange(renewed, fingerprints(changed))

    dialogue = Dialogue(sys.stdin.fileno(), say_on)
    enrolling = Enrolling(dialogue, spoken, lists_of(settings), renew)
    commissioning = Commissioning(settings.agent, dialogue, spoken, record, enrolling, lambda: datetime.now(UTC))
    ear = Ear(commissioning.hear)
    async with ear.open(drivers, here.rng, fingerprints(settings)):
        walking = asyncio.create_task(_walk(commissioning, spoken))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait([walking, stopped], return_when=asyncio.FIRST_COMPLETED)
        for task in (walking, stopped):
            task.cancel()
        await asyncio.wait([walking, stopped])
        if not walking.cancelled():
            walking.result()


async def _walk(commissioning: Commissioning, spoken: Words) -> None:
    try:
        await commissioning.walk()
    except AbandonedError as error:
        say(f"\n{retold(spoken, error)}")
