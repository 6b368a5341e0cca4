"""The product's own processes: their commands, in the order of their start.

Responsible for ``python -m ...`` and its arguments. Refuses to import the rooms it starts.
"""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path
from typing import Final

from shigotoba_standalone.demo.ground import Ground
from shigotoba_standalone.demo.settings import SettingsFiles
from shigotoba_standalone.ports import HOST
from shigotoba_standalone.programs import Program

_PYTHON: Final = (sys.executable, "-P", "-m")
_ENVIRONMENT: Final = {"PYTHONUNBUFFERED": "1"}


def preparations(settings: SettingsFiles, site: str, ground: Ground) -> list[Program]:
    """What runs to its end before the rest: tables, the simulator's own description of the building, its people."""
    backend, state = settings.of("backend"), ground.home.state
    site_file, staff = str(state / "site.json"), str(state / "staff.json")
    people = ("--site", site, "--password-file", str(ground.people_password))
    tokens = ("--staff", staff, "--tokens", str(ground.staff_tokens))
    describe = ("describe", "--settings", settings.of("sim"), "--out", site_file, "--staff", staff)
    return [
        _ours("migrate", "shigotoba_backend", "migrate", "--settings", backend),
        _ours("describe", "shigotoba_sim", *describe),
        _ours("site-import", "shigotoba_backend", "site-import", site_file, "--if-missing", "--settings", backend),
        _ours("people", "shigotoba_backend", "account", "demo", *people, *tokens, "--settings", backend),
    ]


def services(settings: SettingsFiles, ground: Ground) -> list[Program]:
    """What serves for as long as the demo runs, but for the page."""
    bus = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={ground.dbus_socket}"}
    # Only where a scenario may set it wrong does the gateway's clock come from anywhere but the machine.
    clock = ("shigotoba_standalone.wrong_clock", str(ground.home.wrong_clock)) if ground.eventful else ()
    backend = settings.of("backend")
    return [
        _ours("sim", "shigotoba_sim", "live", "--settings", settings.of("sim")),
        _ours("edge", "shigotoba_edge", "--settings", settings.of("edge"), environment=bus),
        _ours("gateway", *clock, "shigotoba_gateway", "--settings", settings.of("gateway")),
        _ours("ingest", "shigotoba_backend", "ingest", "--settings", backend),
        _ours("rollup", "shigotoba_backend", "rollup", "--settings", backend),
        _ours("jobs", "shigotoba_backend", "jobs", "--settings", backend),
    ]


def phone(settings: SettingsFiles, port: int) -> Program:
    """The phone app and the API."""
    command = _ours("api", "shigotoba_backend", "api", "--settings", settings.of("backend"))
    return Program(command.name, command.command, command.environment, ready=partial(_serves, port))


def page(settings: SettingsFiles, port: int) -> Program:
    """The dashboard."""
    command = _ours("dashboard", "shigotoba_dashboard", "--settings", settings.of("dashboard"))
    return Program(command.name, command.command, command.environment, ready=partial(_serves, port))


def history(settings: SettingsFiles) -> Program:
    """The simulator's past, sent through the same path as everything; ends when all of it is stored."""
    return _ours("history", "shigotoba_sim", "history", "--settings", settings.of("sim"))


def marks(settings: SettingsFiles, file: Path) -> Program:
    """What the scenario does to the programs, written down; runs to its end before the rest."""
    return _ours("marks", "shigotoba_sim", "marks", "--settings", settings.of("sim"), "--out", str(file))


def past_bookings(settings: SettingsFiles, file: Path) -> list[Program]:
    """What was booked before the demo began: written by the simulator, lived again by the product."""
    take_over = ("bookings", "take-over", str(file), "--origin", "simulator", "--settings", settings.of("backend"))
    return [
        _ours("past-bookings", "shigotoba_sim", "bookings", "--settings", settings.of("sim"), "--out", str(file)),
        _ours("take-over", "shigotoba_backend", *take_over),
    ]


def examples(settings: SettingsFiles, batch: Path) -> Program:
    """Example figures and plans, brought as anybody's are."""
    return _ours("examples", "shigotoba_backend", "import", "batch", str(batch), "--settings", settings.of("backend"))


def _ours(name: str, *arguments: str, environment: dict[str, str] | None = None) -> Program:
    return Program(name, [*_PYTHON, *arguments], {**_ENVIRONMENT, **(environment or {})})


def _serves(port: int) -> bool:
    """Whether a page is answered, whatever it says."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=5) as answer:
            return answer.status < 500
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
