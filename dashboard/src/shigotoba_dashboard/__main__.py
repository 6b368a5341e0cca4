"""The dashboard's process: ``python -m shigotoba_dashboard --settings dashboard.toml``.

Responsible for arguments, logging and signals. SIGTERM finishes the requests under way and exits with 0; settings
that cannot be used are one line on stderr and exit 2, before the pages' libraries are loaded, which takes seconds.
"""

from __future__ import annotations

import argparse
import importlib
import signal
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

import uvicorn

from shigotoba_backend.logs import begin
from shigotoba_backend.settings_files import SettingsError, complain, read_settings
from shigotoba_dashboard.settings import Settings

_GRACE_S: Final = 3


def main(arguments: list[str]) -> int:
    """Serves until it is told to stop; the process's exit code."""
    parser = argparse.ArgumentParser(prog="shigotoba_dashboard", description="What facility staff look at.")
    parser.add_argument("--settings", type=Path, required=True, help="TOML file")
    try:
        settings = read_settings(parser.parse_args(arguments).settings, Settings)
    except SettingsError as error:
        complain(error)
        return 2
    begin(settings.logs)
    return _serve(settings)


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


def _serve(settings: Settings) -> int:
    try:
        listening = socket.create_server((settings.host, settings.port))
    except OSError as error:
        print(
            f"{settings.host}:{settings.port}: cannot listen ({error.strerror}). Choose another port.", file=sys.stderr
        )
        return 1
    # uvicorn drains on a signal, then raises it again for whoever handled it before: that is us, to leave with 0.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    build = importlib.import_module("shigotoba_dashboard.app").build
    config = uvicorn.Config(
        build(settings, lambda: datetime.now(UTC)),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    uvicorn.Server(config).run(sockets=[listening])
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
