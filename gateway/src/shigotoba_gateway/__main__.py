"""``shigotoba-gateway COMMAND ...``; without a command, ``--settings FILE`` runs the gateway.

Exit status 0 after SIGTERM or a good end, 1 when something is in the way or needs doing, 2 for wrong settings.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Final

from shigotoba_wire.spoken import complain, overview

COMMANDS: Final = {
    "run": "the gateway, until SIGTERM (the default)",
    "status": "how it stands, in plain words, and what to do",
    "claim": "make this device a gateway, with an invitation",
    "renew": "renew its certificate before its time",
    "agent": "who may speak to the broker on this device",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status."""
    said = list(sys.argv[1:] if arguments is None else arguments)
    if said[:1] in ([], ["-h"], ["--help"]):
        usage = "usage: shigotoba-gateway COMMAND ..., each with --help; or --settings FILE to run the gateway"
        print(overview(usage, COMMANDS))
        return 0 if said else 2
    command, rest = (said[0], said[1:]) if not said[0].startswith("-") else ("run", said)
    if command not in COMMANDS:
        complain(f"{command!r} is no command. Use one of {', '.join(COMMANDS)}.")
        return 2
    return int(importlib.import_module(f"shigotoba_gateway.commands.{command}").main(rest))


if __name__ == "__main__":
    sys.exit(main())
