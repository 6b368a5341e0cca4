"""The commands ``counters``: look at rises of printers' counters that are not counted, release or refuse them.

Responsible for arguments and for what is printed. Refuses to decide (see ``arranging.rises``).
"""

from __future__ import annotations

import argparse
import contextlib
from datetime import UTC, datetime
from functools import partial
from typing import Final

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import sentence
from shigotoba_backend.arranging.rises import CAUSES, DECISIONS, Decision, HeldRise, Verdict, decide_rise, held_rises
from shigotoba_backend.commands import Command
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.connection import connect
from shigotoba_backend.texts import texts_in


class HoldError(Exception):
    """A held rise cannot be decided; the message says why."""


PROBLEMS: Final = (HoldError,)
"""What was given wrongly; each says itself what to do."""


def _list(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        rises = held_rises(conn, waiting_only=not options.all)
    for rise in rises:
        print(_line(rise))
    print(f"{len(rises)} rises")


def _line(rise: HeldRise) -> str:
    told = (
        f"{rise.hold_id}: {rise.site}/{rise.device} {rise.counter} +{rise.rise} ({rise.from_value} at "
        f"{rise.from_at.isoformat()}, {rise.to_value} at {rise.to_at.isoformat()}): {CAUSES[rise.cause]}"
    )
    return told if rise.decision is None else f"{told}; {rise.decision}d by {rise.decided_by}: {rise.reason}"


def _decide(decision: Decision, settings: BackendSettings, options: argparse.Namespace) -> None:
    verdict = Verdict(decision, options.reason, options.by)
    with contextlib.closing(connect(settings.database)) as conn:
        try:
            rise = decide_rise(conn, None, options.hold_id, verdict, COMMAND, datetime.now(UTC))
        except ProblemError as problem:
            raise HoldError(sentence(texts_in("en"), problem.code, problem.facts)) from problem
    print(_line(rise))


def _decision_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("hold_id", type=int, metavar="number", help="as listed")
    parser.add_argument("--by", required=True, help="who decides")
    parser.add_argument("--reason", required=True, help="what was seen at the printer")


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="also those that are decided")


COMMANDS: Final = (
    Command("held", "show the rises that are not counted and wait for a decision", _list, _list_arguments),
    Command("release", DECISIONS["release"], partial(_decide, "release"), _decision_arguments),
    Command("refuse", DECISIONS["refuse"], partial(_decide, "refuse"), _decision_arguments),
)
