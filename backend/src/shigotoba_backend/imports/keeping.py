"""Figures kept: new ones added, others corrected with a reason, exactly as the preview showed it.

Responsible for one transaction with the audit log in it. Refuses to keep what differs from the preview, and to rewrite
history; the database refuses that too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.imports.entries import Entry
from shigotoba_backend.imports.preview import Change, Preview, preview
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.store.sql import load
from shigotoba_backend.texts import message

_QUERIES: Final = load("imports.sql", package="shigotoba_backend.imports")

CHANGED_MEANWHILE: Final = message("The figures have changed since they were shown. Look at what would change again.")
REASON_WANTED: Final = message("{corrections} figures are corrected. Say why; the old ones stay visible beside it.")


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """How some figures came.

    Attributes:
        form: See ``Sheet``; ``rest`` for figures without a file.
        file_name: What the file was called.
        digest: SHA-256 of it.
        site: Code of the site whose rights were asked, for the audit log.
    """

    form: str
    file_name: str = ""
    digest: str = ""
    site: str | None = None


class ChangedMeanwhileError(Exception):
    """What would change is no longer what was shown."""


class ReasonWantedError(Exception):
    """Figures would be corrected without a reason; ``corrections`` says how many."""

    def __init__(self, corrections: int) -> None:
        super().__init__(REASON_WANTED.format(corrections=corrections))
        self.corrections = corrections


class Kept(msgspec.Struct, frozen=True):
    """What was done."""

    new: int
    corrected: int
    same: int


def keep(conn: psycopg.Connection, shown: Preview, origin: Origin, actor: Actor, reason: str, now: datetime) -> Kept:
    """Keeps what ``shown`` promised. Figures that hold already are left as they are.

    Raises:
        ChangedMeanwhileError: Somebody was quicker.
        ReasonWantedError: There are corrections and no reason.
    """
    with conn.transaction():
        conn.execute(_QUERIES["lock_series"], _cell(shown.series, shown.scope))
        current = preview(conn, shown.series, shown.scope, [change.entry for change in shown.changes])
        if current.token != shown.token:
            raise ChangedMeanwhileError(CHANGED_MEANWHILE)
        if current.corrections and not reason.strip():
            raise ReasonWantedError(current.corrections)
        if current.news + current.corrections:
            _write(conn, current, origin, actor, reason.strip(), now)
        return Kept(current.news, current.corrections, len(current.changes) - current.news - current.corrections)


def _write(conn: psycopg.Connection, shown: Preview, origin: Origin, actor: Actor, reason: str, now: datetime) -> None:
    cell = _cell(shown.series, shown.scope)
    begun = conn.execute(
        _QUERIES["begin"],
        cell
        | {"at": now, "actor_id": actor.person_id, "actor_kind": actor.kind}
        | {"form": origin.form, "file_name": origin.file_name, "digest": origin.digest},
    ).fetchone()
    common = cell | {"import_id": begun[0] if begun else None, "recorded_at": now}
    with conn.cursor() as cursor:
        cursor.executemany(
            _QUERIES["keep"],
            [common | _row(change, reason) for change in shown.changes if change.kind != "same"],
        )
    done = {"new": shown.news, "corrected": shown.corrections, "scope": str(shown.scope), "file": origin.digest}
    record(conn, actor, Deed("figures.import", f"series:{shown.series}", origin.site, after=done, reason=reason))


def _cell(series: str, scope: Scope) -> dict[str, object]:
    return {"series": series, "scope": str(scope)}


def _row(change: Change, reason: str) -> dict[str, object]:
    entry = change.entry
    return _columns(entry) | {
        "corrects": None if change.before is None else change.before.figure_id,
        "reason": "" if change.before is None else reason,
    }


def _columns(entry: Entry) -> dict[str, object]:
    kept: dict[str, object] = msgspec.structs.asdict(entry)
    del kept["row"]
    return kept | {"period": str(entry.period), "first": entry.period.first, "beyond": entry.period.beyond}
