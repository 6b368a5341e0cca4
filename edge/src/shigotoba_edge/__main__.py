"""``python -m shigotoba_edge --settings FILE [--check]``: the agent as a process.

Exit status 0 after SIGTERM or a good ``--check``, 2 for wrong settings, 1 when the outbox cannot be used.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import time
from pathlib import Path

from shigotoba_edge.agent import run_agent
from shigotoba_edge.driver import Surroundings
from shigotoba_edge.settings import read_agent_settings
from shigotoba_wire.errors import OutboxError, SettingsError


def main(arguments: list[str]) -> int:
    """Run the agent; the exit status."""
    parser = argparse.ArgumentParser(prog="shigotoba_edge", description="Listens to sensors for a gateway.")
    parser.add_argument("--settings", type=Path, required=True, help="the agent's TOML file")
    parser.add_argument("--check", action="store_true", help="read the settings, say what is wrong, start nothing")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    surroundings = Surroundings(lambda: time.time_ns() // 1_000_000, random.SystemRandom())
    try:
        settings, drivers = read_agent_settings(chosen.settings, surroundings)
        if not chosen.check:
            asyncio.run(run_agent(settings, drivers, surroundings))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except OutboxError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
