"""The backend's command line: which commands there are, and errors as one line.

Exit status 0 when done or told to stop, 1 when something outside is in the way, 2 when what was given is wrong. Only
the module of the command that is asked for is loaded: the libraries of all take seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import psycopg

from shigotoba_backend.commands import ObstacleError, Part, add_parts
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.connection import StoreUnavailableError, first_line
from shigotoba_backend.store.migrate import MigrationError
from shigotoba_wire import logs
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.settings import read_settings
from shigotoba_wire.spoken import Parser, complain

PARTS: Final = (
    Part("migrate", "bring the database's schema up to this version", "upkeep.schema", "MIGRATE"),
    Part("site-import", "bring a site in line with its file", "site.cli", "SITE_IMPORT"),
    Part("ready", "say whether the database can be used by this version; status 0 if so", "upkeep.schema", "READY"),
    Part("ingest", "store what the gateways of this shard send", "processes", "INGEST"),
    Part("rollup", "keep the rollups up to date, or rebuild them", "processes", "ROLLUP"),
    Part("api", "serve the API and the phone app", "processes", "API"),
    Part("jobs", "do what nobody asks for: settle, offer, remind, publish schedules", "processes", "JOBS"),
    Part("metrics", "serve the platform's numbers to Prometheus", "processes", "METRICS"),
    Part("account", "keep accounts, roles and tokens", "accounts.cli"),
    Part("bookings", "take over bookings of the past", "bookings.cli"),
    Part("phone", "messages to phones, door displays, surveys", "phone.cli"),
    Part("indicators", "ask for indicators, fix their base years, set their targets", "indicators.cli"),
    Part("import", "bring figures that no sensor measures: show, keep, correct", "imports.cli"),
    Part("counters", "see to rises of printers' counters that may not be true", "rollups.cli"),
    Part("storage", "see to the room that readings take", "upkeep.cli"),
    Part("backup", "write the whole database into a file", "upkeep.cli", "BACKUP"),
    Part("restore", "fill an empty database from a backup", "upkeep.cli", "RESTORE"),
    Part("quarantine", "show, replay or discard what could not be accepted", "ingest.cli", "QUARANTINE"),
    Part("ledger", "show what of each gateway has arrived", "ingest.cli", "LEDGER"),
    Part("ca", "keep the platform's certificate authority", "enrolment.cli", "CA_COMMANDS"),
    Part("gateway", "invite, list and revoke gateways", "enrolment.cli", "GATEWAY_COMMANDS"),
    Part("gateway-config", "give a gateway its configuration", "site.cli", "GATEWAY_CONFIG"),
    Part("figures", "print the figures of some days as JSON", "read.cli", "FIGURES"),
)


def main(arguments: Sequence[str]) -> int:
    """Runs one command; its exit status."""
    parser = Parser(prog="python -m shigotoba_backend", description="Shigotoba's backend.")
    problems = add_parts(parser, PARTS, arguments)
    options = parser.parse_args(arguments)
    try:
        settings = read_settings(options.settings, BackendSettings)
        logs.begin(settings.logs)
        options.run(settings, options)
    except (SettingsError, *problems.wrongly_given) as error:
        return _failed(error, 2)
    except (StoreUnavailableError, MigrationError, ObstacleError, *problems.in_the_way) as error:
        return _failed(error, 1)
    except psycopg.Error as error:
        return _failed(first_line(error), 1)
    return 0


def _failed(error: object, status: int) -> int:
    complain(error)
    return status
