"""``shigotoba-edge COMMAND ...``; without a command, ``--settings FILE [--check]`` runs the agent.

Exit status 0 after SIGTERM or a good end, 2 for wrong settings or arguments, 1 when the outbox cannot be used.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Final

from shigotoba_wire.spoken import complain, overview

COMMANDS: Final = {
    "run": "the agent, until SIGTERM (the default)",
    "check": "read the settings, say what is wrong, start nothing",
    "discover": "what is in the air, on the wires, and at addresses you name; with settings to copy",
    "commission": "give each device its place, by sitting down, pressing, and comparing with the panel",
    "watch": "decoded readings in the terminal",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments[:1] in (["-h"], ["--help"]):
        print(overview("usage: shigotoba-edge COMMAND ..., each with --help", COMMANDS))
        return 0
    if arguments and not arguments[0].startswith("-"):
        command, *rest = arguments
    else:
        command, rest = "run", arguments
    if command not in COMMANDS:
        complain(f"{command!r} is no command. Use one of {', '.join(COMMANDS)}.")
        return 2
    return int(importlib.import_module(f"shigotoba_edge.commands.{command}").main(rest))


if __name__ == "__main__":
    sys.exit(main())
