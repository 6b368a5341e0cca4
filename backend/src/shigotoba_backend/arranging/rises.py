"""Rises of printers' counters that are not counted until a person has said so, and what a person decided.

A decision is kept with its reason and may be changed by another; the rollup worker computes the hour again.
Responsible for decisions and their entries in the audit log. Refuses to judge a rise (see ``rollups.plausible``) and to
ask who may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.arranging.refusals import refuse
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("rises.sql", package="shigotoba_backend.arranging")

Decision = Literal["release", "refuse"]

DECISIONS: Final[Mapping[Decision, str]] = {
    "release": "count a held rise after all",
    "refuse": "leave a held rise out for good",
}
CAUSES: Final[Mapping[str, str]] = {
    "too_fast": "faster than the device works",
    "long_gap": "nothing was heard for more than a day",
}
"""Why a rise is held; command line and dashboard say it in the same words."""


@dataclass(frozen=True, slots=True)
class HeldRise:
    """A rise that is not counted, or was let through.

    Attributes:
        hold_id: Its number.
        site: The site's code.
        device: The printer's code.
        counter: Name of the counter.
        from_at: When it stood at ``from_value``.
        to_at: When it stood at ``to_value``; the rise belongs to this hour if it is released.
        from_value: What it showed before.
        to_value: What it showed after.
        rise: What would be counted.
        cause: ``too_fast`` or ``long_gap``.
        decision: None while it waits.
        decided_at: When.
        decided_by: By whom: a person's name, or what was said on the command line.
        reason: Why.
        version: Grows with each decision; 0 while it waits.
    """

    hold_id: int
    site: str
    device: str
    counter: str
    from_at: datetime
    to_at: datetime
    from_value: int
    to_value: int
    rise: int
    cause: str
    decision: Decision | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    version: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody decides.

    Attributes:
        decision: To count the rise, or to leave it out for good.
        reason: What was seen at the printer.
        by: Whoever says so on the command line; a signed-in person is known anyhow.
        seen_version: What the rise was when it was looked at; None for whatever it is now.
    """

    decision: Decision
    reason: str
    by: str = ""
    seen_version: int | None = None


def held_rises(conn: psycopg.Connection, site: str | None = None, *, waiting_only: bool = True) -> list[HeldRise]:
    """The held rises of a site, or of all, newest first; with ``waiting_only`` those nobody has decided about."""
    return rows_of(conn, HeldRise, _QUERIES["held"], {"site": site, "hold_id": None, "waiting_only": waiting_only})


def decide_rise(
    conn: psycopg.Connection, site: str | None, hold_id: int, verdict: Verdict, actor: Actor, now: datetime
) -> HeldRise:
    """Counts a held rise, or leaves it out for good.

    Args:
        conn: A connection.
        site: Where it must be; None for wherever it is.
        hold_id: Its number.
        verdict: What is decided.
        actor: Who does it.
        now: The present.

    Raises:
        ProblemError: ``no_such_rise``, ``rise_reason_missing``, ``decided_meanwhile``.
    """
    reason = verdict.reason.strip()
    if not reason:
        raise refuse("rise_reason_missing")
    by = verdict.by if actor.person_id is None else f"person:{actor.person_id}"
    with conn.transaction():
        conn.execute(_QUERIES["lock"], {"hold_id": hold_id})
        before = _rise(conn, site, hold_id)
        if verdict.seen_version not in (None, before.version):
            raise refuse("decided_meanwhile", by=before.decided_by, reason=before.reason)
        told = {"hold_id": hold_id, "decision": verdict.decision, "by": by, "reason": reason, "now": now}
        conn.execute(_QUERIES["decide"], told)
        conn.execute(_QUERIES["touch"], told)
        record(conn, actor, _deed(before, verdict.decision, reason))
        return _rise(conn, site, hold_id)


def _rise(conn: psycopg.Connection, site: str | None, hold_id: int) -> HeldRise:
    asked = {"site": site, "hold_id": hold_id, "waiting_only": False}
    found = rows_of(conn, HeldRise, _QUERIES["held"], asked)
    if not found:
        raise refuse("no_such_rise", number=hold_id)
    return found[0]


def _deed(before: HeldRise, decision: Decision, reason: str) -> Deed:
    was = None if before.decision is None else {"decision": before.decision, "reason": before.reason}
    after = {"decision": decision, "hold": before.hold_id, "rise": before.rise}
    return Deed(f"counter.{decision}", f"device:{before.device}", before.site, was, after, reason)
