"""What the commands of the simulator do that need the whole plan.

Responsible for putting its parts together, a command in a function. Refuses to know how a command is spelled (``cli``),
which loads this only when one of them is run: plan, calendar and tables take a second to load.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import signal
import sys
import threading
import time
from types import FrameType

import msgspec
from rich.console import Console
from rich.progress import Progress

from shigotoba_sim.accounts import accounts_of
from shigotoba_sim.building import site_file
from shigotoba_sim.clock import ZONE, ms_of
from shigotoba_sim.commands import CommandLog
from shigotoba_sim.history.bookings import past_bookings
from shigotoba_sim.history.writer import write_history
from shigotoba_sim.people.office import office_rows
from shigotoba_sim.plan.inputs import inputs_of
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.settings import SimSettings
from shigotoba_sim.truth import Truth, truth_of


def describe(settings: SimSettings, given: argparse.Namespace) -> None:
    """Write what the building is, for the product's site import."""
    inputs = inputs_of(settings)
    described = site_file(inputs.place, settings.opened_on, inputs.faults.replacements())
    lively_on = settings.lively_from.astimezone(ZONE).date()
    described |= office_rows(inputs.roll.departments, settings.opened_on, lively_on)
    if given.staff is not None:
        given.staff.write_bytes(msgspec.json.encode(accounts_of(inputs.roll)) + b"\n")
    text = msgspec.json.format(msgspec.json.encode(described)).decode()
    if given.out is None:
        sys.stdout.write(text + "\n")
    else:
        given.out.write_text(text + "\n", encoding="utf-8")


def bookings(settings: SimSettings, given: argparse.Namespace) -> None:
    """Write the bookings of the days that are past."""
    with given.out.open("wb") as file:
        file.writelines(past_bookings(Plan(inputs_of(settings))))


def live(settings: SimSettings, _given: argparse.Namespace) -> None:
    """Play the building's devices until stopped."""
    # Loaded here: the SNMP library alone takes longer to load than any other of these takes to run.
    live = importlib.import_module("shigotoba_sim.live")
    asyncio.run(live.run(settings))


def history(settings: SimSettings, _given: argparse.Namespace) -> None:
    """Write the readings of the days that are past, once."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    # On a terminal a bar; elsewhere the log and history.json say how far it is.
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("history", total=None)
        write_history(
            settings,
            time.time_ns() // 1_000_000,
            stopping,
            lambda done, total: bar.update(task, completed=done, total=total),
        )


def truth(settings: SimSettings, given: argparse.Namespace) -> None:
    """Print what really happened."""
    plan = Plan(inputs_of(settings))
    log = CommandLog(settings.commands, plan.inputs.place, settings.lively_ms)
    truth = truth_of(Timeline(plan, log.new()), plan.inputs.place, ms_of(given.start), ms_of(given.end))
    told = msgspec.json.encode(truth).decode() if given.json else "\n".join(_lines(truth))
    sys.stdout.write(told + "\n")


def _lines(truth: Truth) -> list[str]:
    spaces = [f"{one.space}: {one.occupied_s / 3600:.2f} h occupied, {one.presses} presses" for one in truth.spaces]
    mfps = [f"{one.device}: {one.total.impressions_total} sides, {one.total.fax_sent} faxed" for one in truth.mfps]
    return [*spaces, *mfps]
