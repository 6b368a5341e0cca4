"""The commands ``quarantine`` (look, store after all, let go) and ``ledger`` (what has arrived).

Responsible for arguments and for what is printed. Refuses to decide.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from datetime import UTC, datetime
from typing import Final

import psycopg

from shigotoba_backend.commands import Command
from shigotoba_backend.ingest.ledger import accounts
from shigotoba_backend.ingest.quarantine import (
    LIMITS,
    Quarantined,
    Selection,
    discard,
    newest,
    payload_of,
    tallies,
)
from shigotoba_backend.ingest.replay import replay
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.connection import connect

MOST_ROWS: Final = 50


class QuarantineError(Exception):
    """What was asked of the quarantine cannot be done; the message says why."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=list(_ACTIONS))
    parser.add_argument("ids", nargs="*", type=int, metavar="id", help="of rows, as listed")
    parser.add_argument("--reason", help="only rows with this reason")
    parser.add_argument("--gateway", help="only rows of this gateway")
    parser.add_argument("--device", help="only readings of this device")
    parser.add_argument("--before", type=_midnight, metavar="YYYY-MM-DD", help="only what came before that day, in UTC")
    parser.add_argument("--all", action="store_true", help="discard: needed where nothing else selects rows")


def _quarantine(settings: BackendSettings, options: argparse.Namespace) -> None:
    selection = Selection(options.ids or None, options.reason, options.gateway, options.device, options.before)
    with contextlib.closing(connect(settings.database)) as conn:
        _ACTIONS[options.action](conn, selection, options)


def _midnight(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)


def _list(conn: psycopg.Connection, selection: Selection, _options: argparse.Namespace) -> None:
    rows = newest(conn, MOST_ROWS, selection)
    for row in rows:
        print(_line(row))
    print(f"{len(rows)} shown, newest first, at most {MOST_ROWS}")
    _print_tallies(conn)


def _show(conn: psycopg.Connection, selection: Selection, _options: argparse.Namespace) -> None:
    if selection.ids is None:
        raise QuarantineError("say which rows to show, by the number at the beginning of a line of `quarantine list`")
    for row in newest(conn, len(selection.ids), selection):
        print(_line(row))
        sys.stdout.write(f"{(payload_of(conn, row.quarantine_id) or b'').decode(errors='backslashreplace')}\n")


def _replay(conn: psycopg.Connection, selection: Selection, _options: argparse.Namespace) -> None:
    done = replay(conn, selection, time.time_ns() // 1_000_000)
    print(f"{done.readings} readings stored, {done.messages} messages taken, {done.refused.total()} still refused")
    for reason, count in sorted(done.refused.items()):
        print(f"  {reason}: {count}")


def _discard(conn: psycopg.Connection, selection: Selection, options: argparse.Namespace) -> None:
    if selection == Selection() and not options.all:
        raise QuarantineError("say which rows to discard: by number, --reason, --gateway, --device, --before, or --all")
    print(f"{discard(conn, selection)} discarded")


_ACTIONS: Final = {"list": _list, "show": _show, "replay": _replay, "discard": _discard}


def _line(row: Quarantined) -> str:
    return (
        f"{row.quarantine_id}  {row.received_at.isoformat(timespec='seconds')}  {row.reason}  x{row.repeats + 1}  "
        f"{row.gateway or '-'}  {row.topic}  {row.size_bytes} bytes  {row.detail}"
    )


def _print_tallies(conn: psycopg.Connection) -> None:
    for tally in tallies(conn):
        print(
            f"{tally.gateway or '-'}  {tally.reason}: {tally.replayed} replayed, {tally.discarded} discarded, "
            f"{tally.not_kept} not kept (of one device at most {LIMITS.per_device}, of one gateway at most "
            f"{LIMITS.per_gateway} and {LIMITS.bytes_per_gateway // 2**20} MiB are)"
        )


def _ledger(settings: BackendSettings, _options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        found = accounts(conn)
    for account in found:
        print(
            f"{account.site}/{account.gateway}: {account.epochs} epochs, {account.received} received, "
            f"{account.missing} missing, highest {account.highest}"
        )
    print(f"{len(found)} gateways")


PROBLEMS: Final = (QuarantineError,)
QUARANTINE: Final = Command("quarantine", "show, replay or discard what could not be accepted", _quarantine, _arguments)
LEDGER: Final = Command("ledger", "show what of each gateway has arrived", _ledger)
