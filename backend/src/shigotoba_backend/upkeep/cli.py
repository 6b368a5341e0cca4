"""The command ``storage``: what is stored how, how long that will do, and moving it elsewhere.

Responsible for arguments and for what is printed. Refuses to measure or to decide.
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psycopg

from shigotoba_backend.commands import Command
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.gateway_config import GatewayConfigError, only_site
from shigotoba_backend.store.connection import connect
from shigotoba_backend.upkeep.archive import ArchiveError, export_month, import_month
from shigotoba_backend.upkeep.backup import BackupError, back_up, restore
from shigotoba_backend.upkeep.layout import Layout, LayoutError, make_months_ahead
from shigotoba_backend.upkeep.moving import move
from shigotoba_backend.upkeep.retention import RetentionError, drop_expired, expired, kept_from
from shigotoba_backend.upkeep.status import RATE_DAYS, TAKES_PER_S, Forecast, Status, forecast, free_bytes, status_of

SHOWN_FROM_BYTES: Final = 128 * 1024
"""Smaller tables are summed up."""

FORESEEN_DAYS: Final = 20 * 365
"""No forecast holds for longer."""

EXTENSIONS: Final = {Layout.TIMESCALE: "TimescaleDB", Layout.CITUS: "Citus"}
"""What makes a layout possible."""

_UNITS: Final = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))


class PlanError(Exception):
    """The forecast lacks a number; the message says which and how to give it."""


OBSTACLES: Final = (ArchiveError, BackupError, GatewayConfigError, LayoutError, RetentionError, PlanError)
"""What can be in the way of ``storage``."""


def _with_connection(
    act: Callable[[psycopg.Connection, argparse.Namespace], None],
) -> Callable[[BackendSettings, argparse.Namespace], None]:
    def run(settings: BackendSettings, options: argparse.Namespace) -> None:
        with contextlib.closing(connect(settings.database)) as conn:
            act(conn, options)

    return run


def _plan_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--free-gib", type=float, help="room on the database's disk, where this machine cannot see it")


def _retain_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keep-months", type=_months, required=True, metavar="N", help="whole months before this one")
    parser.add_argument("--dry-run", action="store_true", help="only say what would go")


def _move_arguments(parser: argparse.ArgumentParser) -> None:
    named = "|".join(layout.value for layout in Layout)
    parser.add_argument("layout", type=Layout, choices=list(Layout), metavar=named)


def _archive_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--month", type=_month, required=True, metavar="YYYY-MM", help="in UTC")
    parser.add_argument("--site", help="needed where there is more than one")
    parser.add_argument("directory", type=Path)


def _months(text: str) -> int:
    months = int(text)
    if months < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return months


def _month(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC)


def _status(conn: psycopg.Connection, _options: argparse.Namespace) -> None:
    status = status_of(conn)
    print(f"layout: {status.layout.value}, {status.pieces.count} {_pieces(status)}; {_offer(status)}")
    print(f"raw readings: {status.readings}, from {_day(status.oldest_at)} to {_day(status.newest_at)}")
    if status.kept_from is not None:
        print(f"dropped by retention: raw readings before {_day(status.kept_from)}")
    if status.pieces.compressed:
        print(_compression(status))
    print(f"largest index of a piece that is written to: {_size(status.newest_index_bytes)}")
    shown = [table for table in status.tables if table.size_bytes >= SHOWN_FROM_BYTES]
    for table in shown:
        print(f"  {table.name:<18} {_size(table.size_bytes):>12}")
    rest = sum(table.size_bytes for table in status.tables) - sum(table.size_bytes for table in shown)
    print(f"  {f'{len(status.tables) - len(shown)} smaller ones':<18} {_size(rest):>12}")


def _pieces(status: Status) -> str:
    if status.layout is Layout.TIMESCALE:
        return "chunks of 7 days"
    if status.layout is Layout.NATIVE:
        return "months"
    return f"months on {status.machines} {'machine' if status.machines == 1 else 'machines'}"


def _offer(status: Status) -> str:
    if status.layout in status.offers:
        return f"{EXTENSIONS[status.layout]} {status.offers[status.layout].version}"
    return "; ".join(
        offer.obstacle or f"{EXTENSIONS[layout]} {offer.version} is there: `storage move {layout.value}`"
        for layout, offer in status.offers.items()
    )


def _compression(status: Status) -> str:
    pieces = status.pieces
    sizes = f"{_size(pieces.before_bytes)} to {_size(pieces.after_bytes)}"
    return (
        f"compressed: {pieces.compressed} of {pieces.count}, {sizes}, "
        f"{pieces.before_bytes / max(pieces.after_bytes, 1):.1f} times smaller"
    )


def _plan(conn: psycopg.Connection, options: argparse.Namespace) -> None:
    free = int(options.free_gib * 2**30) if options.free_gib is not None else free_bytes(conn)
    if free is None:
        raise PlanError("the database's disk cannot be seen from here. Say its room with --free-gib.")
    found = forecast(status_of(conn), free)
    if found is None:
        print("less than an hour of readings: nothing to go by yet")
    else:
        _print_forecast(found)


def _print_forecast(found: Forecast) -> None:
    readings_bytes = found.readings_per_day * found.bytes_per_reading
    print(
        f"readings a day, of the last {found.days_seen:.1f} (at most {RATE_DAYS}) days: {found.readings_per_day:,.0f}"
    )
    print(f"x {found.bytes_per_reading:.1f} bytes each = {_size(readings_bytes)} a day")
    growth = readings_bytes + found.other_bytes_per_day
    print(f"+ rollups and the rest, {_size(found.other_bytes_per_day)} a day = {_size(growth)} a day")
    if found.days_left is None:
        print("nothing grows")
    else:
        print(f"{_size(found.free_bytes)} free / {_size(growth)} a day = full in {_until_full(found.days_left)}")
    share = f"{found.share_of_speed:.2%} of {TAKES_PER_S:,} that a machine is counted on for"
    print(f"speed: {found.share_of_speed * TAKES_PER_S:,.1f} readings a second, {share}")


def _until_full(days: float) -> str:
    if days > FORESEEN_DAYS:
        return f"more than {FORESEEN_DAYS // 365} years"
    return f"{days:,.0f} days, on {datetime.now(UTC) + timedelta(days=days):%Y-%m-%d}"


def _retain(conn: psycopg.Connection, options: argparse.Namespace) -> None:
    before = kept_from(datetime.now(UTC), options.keep_months)
    gone = expired(conn, before) if options.dry_run else drop_expired(conn, before)
    for piece in gone:
        print(f"  {piece.name}  {_size(piece.size_bytes)}")
    verb = "would be dropped" if options.dry_run else "dropped"
    print(f"{len(gone)} {verb}, {_size(sum(piece.size_bytes for piece in gone))}; kept from {_day(before)}")
    if not options.dry_run:
        make_months_ahead(conn, datetime.now(UTC))


def _move(conn: psycopg.Connection, options: argparse.Namespace) -> None:
    move(conn, options.layout, print)


def _export(conn: psycopg.Connection, options: argparse.Namespace) -> None:
    site = options.site or only_site(conn)
    done = export_month(conn, site, options.month, options.directory)
    print(f"{done.readings} readings of {done.days} days written to {done.directory}")


def _import(conn: psycopg.Connection, options: argparse.Namespace) -> None:
    site = options.site or only_site(conn)
    done = import_month(conn, site, options.month, options.directory)
    print(f"{done.readings} readings of {done.days} days in {done.directory}, {done.added} of them added")


def _day(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}Z"


def _size(size_bytes: float) -> str:
    unit, width = next((each for each in _UNITS if size_bytes >= each[1]), _UNITS[-1])
    return f"{size_bytes / width:,.1f} {unit}"


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the backup; its counts lie beside it as <file>.json")
    parser.add_argument("--programs", type=Path, help="directory of pg_dump and pg_restore, if not on the search path")


def _backup(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        manifest = back_up(conn, settings.database, options.file, options.programs)
    print(f"{options.file}: {manifest.total} rows of {len(manifest.rows)} tables")


def _restore(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        manifest = restore(conn, settings.database, options.file, options.programs)
    print(f"{manifest.total} rows of {len(manifest.rows)} tables are back; every count is that of the backup")


BACKUP: Final = Command("backup", "write the whole database into a file", _backup, _backup_arguments)
RESTORE: Final = Command("restore", "fill an empty database from a backup", _restore, _backup_arguments)

COMMANDS: Final = (
    Command("status", "show layout, sizes, compression and the oldest reading", _with_connection(_status)),
    Command("plan", "show when the disk will be full at the present rate", _with_connection(_plan), _plan_arguments),
    Command("retain", "drop old raw readings; rollups stay", _with_connection(_retain), _retain_arguments),
    Command("move", "move the readings into another layout; ingest waits", _with_connection(_move), _move_arguments),
    Command("export", "write a month of readings as Parquet", _with_connection(_export), _archive_arguments),
    Command("import", "add what an export has and the store has not", _with_connection(_import), _archive_arguments),
)
