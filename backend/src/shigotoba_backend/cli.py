"""The backend's command line: commands, their arguments, and errors as one line.

Exit status 0 when done or told to stop, 1 when something outside is in the way, 2 when what was given is wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import msgspec
import psycopg

from shigotoba_backend.accounts import cli as accounts
from shigotoba_backend.bookings import cli as bookings
from shigotoba_backend.commands import Command, Group, ObstacleError, add_commands, part
from shigotoba_backend.enrolment import cli as enrolment
from shigotoba_backend.imports import cli as imports
from shigotoba_backend.indicators import cli as indicators
from shigotoba_backend.ingest import cli as quarantine
from shigotoba_backend.ingest import ledger
from shigotoba_backend.ingest import worker as ingest
from shigotoba_backend.metrics import serving as metrics
from shigotoba_backend.phone import cli as phone
from shigotoba_backend.read.figures import figures
from shigotoba_backend.read.sites import sites
from shigotoba_backend.rollups import cli as counters
from shigotoba_backend.rollups import worker as rollups
from shigotoba_backend.rollups.rebuild import rebuild
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.description import SiteFileError, read_site_file
from shigotoba_backend.site.gateway_config import GatewayConfigError, next_config, only_site, publish_config
from shigotoba_backend.site.importing import import_site
from shigotoba_backend.store.connection import StoreUnavailableError, check_migrated, connect, first_line
from shigotoba_backend.store.migrate import MigrationError, migrate, shipped
from shigotoba_backend.upkeep import cli as storage
from shigotoba_backend.upkeep.layout import make_months_ahead
from shigotoba_backend.upkeep.moving import arrange
from shigotoba_wire import logs
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.settings import read_settings

_WRONGLY_GIVEN: Final = (
    quarantine.QuarantineError,
    *accounts.PROBLEMS,
    *bookings.PROBLEMS,
    *counters.PROBLEMS,
    *imports.PROBLEMS,
    *indicators.PROBLEMS,
    *enrolment.PROBLEMS,
    *phone.PROBLEMS,
)


def main(arguments: Sequence[str]) -> int:
    """Runs one command; its exit status."""
    options = _parser().parse_args(arguments)
    try:
        settings = read_settings(options.settings, BackendSettings)
        logs.begin(settings.logs)
        options.run(settings, options)
    except (SettingsError, SiteFileError, *_WRONGLY_GIVEN) as error:
        return _failed(error, 2)
    except (StoreUnavailableError, MigrationError, GatewayConfigError, ObstacleError, *storage.PROBLEMS) as error:
        return _failed(error, 1)
    except psycopg.Error as error:
        return _failed(first_line(error), 1)
    return 0


def _failed(error: object, status: int) -> int:
    print(error, file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shigotoba_backend", description="Shigotoba's backend.")
    add_commands(parser, COMMANDS)
    return parser


def _ready(settings: BackendSettings, _options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        check_migrated(conn)
    print("ready")


def _site_import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the site file, JSON")
    parser.add_argument("--if-missing", action="store_true", help="leave a site that is there already as it is")


def _gateway_config_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("gateway", help="its identity")
    parser.add_argument("--site", help="needed where there is more than one")
    parser.add_argument("--health-every-s", type=_health_every_s, required=True, metavar="N", help="from 1 to 3600")


def _health_every_s(text: str) -> float:
    seconds = float(text)
    if not 1 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text} is not from 1 to 3600")
    return seconds


def _figures_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", type=_day, required=True, metavar="DAY", help="such as 2026-11-02")
    parser.add_argument("--to", dest="end", type=_day, required=True, metavar="DAY", help="itself not included")
    parser.add_argument("--site", help="needed where there is more than one")
    parser.add_argument("--json", action="store_true", help="the form there is; said so that it can be relied on")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-11-02") from error


def _migrate(settings: BackendSettings, _options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        for migration in migrate(conn, shipped()):
            print(f"applied {migration.number:04}_{migration.name}")
        arrange(conn, settings.layout, print)
        make_months_ahead(conn)
    print("the schema is up to date")


def _site_import(settings: BackendSettings, options: argparse.Namespace) -> None:
    described = read_site_file(options.file)
    with contextlib.closing(connect(settings.database)) as conn:
        if options.if_missing and described.site.code in {each.code for each in sites(conn)}:
            print(f"site {described.site.code}: there already, left as it is")
            return
        done = import_site(conn, described)
    print(
        f"site {done.site}: {done.floors} floors, {done.spaces} spaces, {done.devices} devices, "
        f"{done.assigned} newly assigned"
    )


def _ingest(settings: BackendSettings, _options: argparse.Namespace) -> None:
    ingest.run(settings, _stop_on_signal())


def _rollup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", nargs="?", choices=["rebuild"], help="compute all of them again and end")


def _rollup(settings: BackendSettings, options: argparse.Namespace) -> None:
    if options.action != "rebuild":
        rollups.run(settings, _stop_on_signal())
        return
    with contextlib.closing(connect(settings.database)) as conn:
        rebuild(conn)
    print("the rollups are what the readings amount to")


def _metrics(settings: BackendSettings, _options: argparse.Namespace) -> None:
    metrics.serve(settings.database, settings.metrics, _stop_on_signal())


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


def _api(settings: BackendSettings, _options: argparse.Namespace) -> None:
    part("api.server").run(settings)


def _jobs(settings: BackendSettings, _options: argparse.Namespace) -> None:
    part("jobs.worker").run(settings, part("jobs.catalogue").JOBS, _stop_on_signal())


def _ledger(settings: BackendSettings, _options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        accounts = ledger.accounts(conn)
    for account in accounts:
        print(
            f"{account.site}/{account.gateway}: {account.epochs} epochs, {account.received} received, "
            f"{account.missing} missing, highest {account.highest}"
        )
    print(f"{len(accounts)} gateways")


def _gateway_config(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        site = options.site or only_site(conn)
        config = next_config(conn, site, options.gateway, options.health_every_s)
    publish_config(settings.broker, site, options.gateway, config)
    print(f"{site}/{options.gateway}: configuration version {config.version} published")


def _figures(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        site = options.site or only_site(conn)
        found = figures(conn, site, options.first, options.end - timedelta(days=1))
    print(msgspec.json.encode(found).decode())


COMMANDS: Final = (
    Command("migrate", "bring the database's schema up to this version", _migrate),
    Command("site-import", "bring a site in line with its file", _site_import, _site_import_arguments),
    Command("ready", "say whether the database can be used by this version; status 0 if so", _ready),
    Command("ingest", "store what the gateways of this shard send", _ingest),
    Command("rollup", "keep the rollups up to date, or rebuild them", _rollup, _rollup_arguments),
    Command("api", "serve the API and the phone app", _api),
    Command("jobs", "do what nobody asks for: settle, offer, remind, publish schedules", _jobs),
    Command("metrics", "serve the platform's numbers to Prometheus", _metrics),
    Group("account", "keep accounts, roles and tokens", accounts.COMMANDS),
    Group("bookings", "take over bookings of the past", bookings.COMMANDS),
    Group("phone", "messages to phones, door displays, surveys", phone.COMMANDS),
    Group("indicators", "ask for indicators, fix their base years, set their targets", indicators.COMMANDS),
    Group("import", "bring figures that no sensor measures: show, keep, correct", imports.COMMANDS),
    Group("counters", "see to rises of printers' counters that may not be true", counters.COMMANDS),
    Group("storage", "see to the room that readings take", storage.COMMANDS),
    *storage.BACKUP_COMMANDS,
    Command(
        "quarantine", "show, replay or discard what could not be accepted", quarantine.run, quarantine.add_arguments
    ),
    Command("ledger", "show what of each gateway has arrived", _ledger),
    Group("ca", "keep the platform's certificate authority", enrolment.CA_COMMANDS),
    Group("gateway", "invite, list and revoke gateways", enrolment.GATEWAY_COMMANDS),
    Command("gateway-config", "give a gateway its configuration", _gateway_config, _gateway_config_arguments),
    Command("figures", "print the figures of some days as JSON", _figures, _figures_arguments),
)
