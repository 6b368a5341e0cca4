"""The processes of the platform as commands; each loads what it runs on and no more.

Responsible for starting them and for passing on that they are asked to stop. Refuses to know what they do.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import threading
from typing import Final

from shigotoba_backend.commands import Command, part
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.connection import connect


def _ingest(settings: BackendSettings, _options: argparse.Namespace) -> None:
    part("ingest.worker").run(settings, _stop_on_signal())


def _rollup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", nargs="?", choices=["rebuild"], help="compute all of them again and end")


def _rollup(settings: BackendSettings, options: argparse.Namespace) -> None:
    if options.action != "rebuild":
        part("rollups.worker").run(settings, _stop_on_signal())
        return
    with contextlib.closing(connect(settings.database)) as conn:
        part("rollups.rebuild").rebuild(conn)
    print("the rollups are what the readings amount to")


def _api(settings: BackendSettings, _options: argparse.Namespace) -> None:
    part("api.server").run(settings)


def _jobs(settings: BackendSettings, _options: argparse.Namespace) -> None:
    part("jobs.worker").run(settings, part("jobs.catalogue").JOBS, _stop_on_signal())


def _metrics(settings: BackendSettings, _options: argparse.Namespace) -> None:
    part("metrics.serving").serve(settings.database, settings.metrics, _stop_on_signal())


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


INGEST: Final = Command("ingest", "store what the gateways of this shard send", _ingest)
ROLLUP: Final = Command("rollup", "keep the rollups up to date, or rebuild them", _rollup, _rollup_arguments)
API: Final = Command("api", "serve the API and the phone app", _api)
JOBS: Final = Command("jobs", "do what nobody asks for: settle, offer, remind, publish schedules", _jobs)
METRICS: Final = Command("metrics", "serve the platform's numbers to Prometheus", _metrics)
