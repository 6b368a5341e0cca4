"""The command ``figures``: the figures of some days, for other programs.

Responsible for arguments and for what is printed. Refuses to compute.
"""

from __future__ import annotations

import argparse
import contextlib
from datetime import date, timedelta
from typing import Final

import msgspec

from shigotoba_backend.commands import Command
from shigotoba_backend.read.figures import figures
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.gateway_config import GatewayConfigError, only_site
from shigotoba_backend.store.connection import connect

OBSTACLES: Final = (GatewayConfigError,)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", type=_day, required=True, metavar="DAY", help="such as 2026-11-02")
    parser.add_argument("--to", dest="end", type=_day, required=True, metavar="DAY", help="itself not included")
    parser.add_argument("--site", help="needed where there is more than one")
    parser.add_argument("--json", action="store_true", help="the form there is; said so that it can be relied on")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-11-02") from error


def _figures(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        site = options.site or only_site(conn)
        found = figures(conn, site, options.first, options.end - timedelta(days=1))
    print(msgspec.json.encode(found).decode())


FIGURES: Final = Command("figures", "print the figures of some days as JSON", _figures, _arguments)
