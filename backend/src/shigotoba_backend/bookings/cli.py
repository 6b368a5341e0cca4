"""The commands ``bookings``: taking over what was booked before.

Responsible for arguments, for what is printed and for the entry in the audit log. Refuses to book.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from shigotoba_backend.accounts.audit import COMMAND, Deed, record
from shigotoba_backend.bookings.past import PastFileError, read_lines, take_over
from shigotoba_backend.commands import Command
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.gateway_config import GatewayConfigError, only_site
from shigotoba_backend.store.connection import connect

PROBLEMS: Final = (PastFileError,)
"""What was given wrongly; each says itself what to do."""
OBSTACLES: Final = (GatewayConfigError,)


def _take_over_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a JSON object per line, see docs/bookings.md")
    parser.add_argument("--site", help="needed where there is more than one")
    parser.add_argument("--origin", default="file", help="where it comes from; a day is taken over once from each")


def _take_over(settings: BackendSettings, options: argparse.Namespace) -> None:
    try:
        lines = options.file.read_bytes().splitlines()
    except OSError as error:
        raise PastFileError(f"{options.file}: cannot be read ({error.strerror}). Name an existing file.") from error
    bookings = list(read_lines(lines, datetime.now(UTC)))
    with contextlib.closing(connect(settings.database)) as conn:
        site = options.site or only_site(conn)
        result = take_over(conn, site, options.origin, bookings)
        after = {"bookings": result.bookings, "refused": len(result.refused), "origin": options.origin}
        if result.bookings or result.refused:
            record(conn, COMMAND, Deed("booking.take_over", f"site:{site}", site, after=after))
    for refusal in result.refused:
        print(refusal, file=sys.stderr)
    print(f"{result.bookings} bookings taken over, {len(result.refused)} steps refused, {result.days_known} days known")


COMMANDS: Final = (
    Command("take-over", "take over bookings of the past from a file", _take_over, _take_over_arguments),
)
