"""``run``: the agent as a process."""

from __future__ import annotations

import asyncio
from pathlib import Path

from shigotoba_edge.agent import run_agent
from shigotoba_edge.console import settled, surroundings
from shigotoba_edge.settings import read_agent_settings
from shigotoba_wire import logs
from shigotoba_wire.spoken import Parser


def main(arguments: list[str]) -> int:
    """Run the agent; the exit status."""
    parser = Parser(prog="shigotoba-edge run", description="Listens to sensors for a gateway.")
    parser.add_argument("--settings", type=Path, required=True, help="the agent's TOML file")
    parser.add_argument("--check", action="store_true", help="read the settings, say what is wrong, start nothing")
    chosen = parser.parse_args(arguments)
    return settled(lambda: _run(chosen.settings, check=chosen.check))


def _run(path: Path, *, check: bool) -> None:
    here = surroundings()
    settings, drivers = read_agent_settings(path, here)
    logs.begin(settings.logs)
    if not check:
        # Read again with nothing shared: what the old drivers share goes when they go.
        asyncio.run(run_agent(settings, drivers, here, lambda: read_agent_settings(path, surroundings())))
