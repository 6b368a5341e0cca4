"""``python -m shigotoba_gateway --settings gateway.toml``."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from shigotoba_gateway.hub import Hub
from shigotoba_gateway.settings import GatewaySettings
from shigotoba_wire.errors import WireError
from shigotoba_wire.settings import read_settings


def main() -> int:
    """Run the gateway until SIGTERM or Ctrl-C; 2 if its settings or its spool cannot be used."""
    parser = argparse.ArgumentParser(prog="shigotoba_gateway", description="The hub between edge agents and backend.")
    parser.add_argument("--settings", type=Path, required=True, help="the gateway's TOML file")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    try:
        hub = Hub(read_settings(arguments.settings, GatewaySettings))
    except WireError as error:
        print(error, file=sys.stderr)
        return 2
    hub.run(stopping)
    return 0


if __name__ == "__main__":
    sys.exit(main())
