"""The commands ``counters``: look at rises of printers' counters that are not counted, release or refuse them.

Responsible for arguments, for what is printed and for the entry in the audit log. Refuses to decide.
"""

from __future__ import annotations

import argparse
import contextlib
from functools import partial
from typing import Final, Literal

from shigotoba_backend.accounts.audit import COMMAND, Deed, record
from shigotoba_backend.commands import Command
from shigotoba_backend.rollups.holds import Hold, HoldError, decide, held
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.connection import connect

PROBLEMS: Final = (HoldError,)
"""What was given wrongly; each says itself what to do."""

_CAUSES: Final = {"too_fast": "faster than the device works", "long_gap": "nothing was heard for more than a day"}


def _list(settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        holds = held(conn, waiting_only=not options.all)
    for hold in holds:
        print(_line(hold))
    print(f"{len(holds)} rises")


def _line(hold: Hold) -> str:
    told = (
        f"{hold.hold_id}: {hold.site}/{hold.device} {hold.name} +{hold.rise} ({hold.from_value} at "
        f"{hold.from_at.isoformat()}, {hold.to_value} at {hold.to_at.isoformat()}): {_CAUSES[hold.cause]}"
    )
    return told if hold.decision is None else f"{told}; {hold.decision}d by {hold.decided_by}: {hold.reason}"


def _decide(decision: Literal["release", "refuse"], settings: BackendSettings, options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn, conn.transaction():
        hold = decide(conn, options.hold_id, decision, by=options.by, reason=options.reason)
        after = {"decision": decision, "hold": hold.hold_id, "rise": hold.rise}
        deed = Deed(f"counter.{decision}", f"device:{hold.device}", hold.site, after=after, reason=options.reason)
        record(conn, COMMAND, deed)
    print(_line(hold))


def _decision_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("hold_id", type=int, metavar="number", help="as listed")
    parser.add_argument("--by", required=True, help="who decides")
    parser.add_argument("--reason", required=True, help="what was seen at the printer")


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="also those that are decided")


COMMANDS: Final = (
    Command("held", "show the rises that are not counted and wait for a decision", _list, _list_arguments),
    Command("release", "count a held rise after all", partial(_decide, "release"), _decision_arguments),
    Command("refuse", "leave a held rise out for good", partial(_decide, "refuse"), _decision_arguments),
)
