"""``shigotoba-gateway run --settings gateway.toml``: the gateway itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from shigotoba_gateway.commands.console import complain
from shigotoba_gateway.hub import Hub
from shigotoba_gateway.settings import GatewaySettings
from shigotoba_wire import logs
from shigotoba_wire.errors import WireError
from shigotoba_wire.settings import read_settings
from shigotoba_wire.spoken import Parser


def main(arguments: Sequence[str]) -> int:
    """Run the gateway until SIGTERM or Ctrl-C; 2 if its settings or its spool cannot be used."""
    parser = Parser(prog="shigotoba-gateway run", description="The hub between agents and platform.")
    parser.add_argument("--settings", type=Path, required=True, help="the gateway's TOML file")
    options = parser.parse_args(arguments)
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    try:
        settings = read_settings(options.settings, GatewaySettings)
        logs.begin(settings.logs)
        hub = Hub(settings)
    except WireError as error:
        complain(error)
        return 2
    hub.run(stopping)
    return 0
