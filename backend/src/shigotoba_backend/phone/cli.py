"""The command ``phone``: the key for messages, addresses of door displays, the yearly survey.

Responsible for arguments and for what is printed. Refuses to do it itself.
"""

from __future__ import annotations

import argparse
import contextlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from shigotoba_backend.accounts.audit import COMMAND, Deed, record
from shigotoba_backend.commands import Command, part
from shigotoba_backend.phone.push import make_key
from shigotoba_backend.phone.ratings import hold_survey
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.connection import connect


class PhoneError(Exception):
    """What was asked for is not possible; the message says why and what to do."""


PROBLEMS: Final = (PhoneError,)
"""What can be wrong with what was given."""


def _key_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a new PEM file")


def _push_key(_settings: BackendSettings, options: argparse.Namespace) -> None:
    try:
        make_key(options.file)
    except OSError as error:
        raise PhoneError(f"{options.file}: {error.strerror}. Name a file that is not there yet.") from error
    print(f"{options.file}: written; name it in [web] as vapid_key_file")


def _door_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("site")
    parser.add_argument("booth")


def _door(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn, conn.transaction():
        secret = part("phone.door").door_link(conn, options.site, options.booth, datetime.now(UTC))
        if secret is None:
            raise PhoneError(f"{options.site}/{options.booth}: no such booth.")
        record(conn, COMMAND, Deed("door.link", f"booth:{options.booth}", options.site))
    print(f"{settings.web.base}/door/{secret}")


def _survey_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("site")
    parser.add_argument("year", type=int, help="the fiscal year")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="DAY")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True, metavar="DAY", help="included")


def _survey(settings: BackendSettings, options: argparse.Namespace) -> None:
    if options.last < options.first:
        raise PhoneError(f"{options.last} is before {options.first}.")
    with contextlib.closing(connect(settings.database)) as conn, conn.transaction():
        hold_survey(conn, options.site, options.year, options.first, options.last + timedelta(days=1))
        record(conn, COMMAND, Deed("survey.hold", f"survey:{options.year}", options.site))
    print(f"{options.site}: survey of {options.year} from {options.first} to {options.last}")


COMMANDS: Final = (
    Command("push-key", "make the key that signs messages to phones", _push_key, _key_arguments),
    Command("door", "make the address of a booth's door display", _door, _door_arguments),
    Command("survey", "open the yearly survey of an office", _survey, _survey_arguments),
)
