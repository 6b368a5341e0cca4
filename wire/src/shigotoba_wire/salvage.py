"""A damaged outbox file: found when it is opened, set aside, and what can still be read of it saved.

The whole file is checked before it is used: SQLite's structure, and the digest of every batch that waits. What can be
read of a damaged file goes into a new one with a new epoch; saved batches are sent as they were cut, under their old
epoch and numbers, so that what the receiver had already is recognised. The new file is complete before the damaged
one is renamed, so that a power cut at any moment only means doing it again.

Responsible for checking, saving and renaming. Refuses to delete anything, and to know an owner's own tables.
"""

from __future__ import annotations

import contextlib
import logging
import math
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from shigotoba_wire.errors import MessageError, OutboxError
from shigotoba_wire.outbox import Adopted, Outbox
from shigotoba_wire.readings import MAX_SEQUENCE
from shigotoba_wire.receipts import digest_of
from shigotoba_wire.senml import decode_batch
from shigotoba_wire.statements import load_statements

log = logging.getLogger(__name__)

_SQL: Final = load_statements("shigotoba_wire", "salvage.sql")
_COMPANIONS: Final = ("-wal", "-shm")
MOST_FAILURES: Final = 10_000
"""Reads that may fail before the rest, by then narrow stretches around the damage, is given up: a second or so."""


Carry = Callable[[sqlite3.Connection, Outbox], int]
"""Saves an owner's own tables out of the damaged file, as far as they can be read, into the new outbox's file.

Returns how many readings were among what was saved.
"""


class Salvage(msgspec.Struct, frozen=True):
    """What became of a damaged file.

    Attributes:
        set_aside: Where it is now.
        readings: Saved, and waiting to be sent or for the clock.
        damage: What was wrong with it, in SQLite's words or ours.
    """

    set_aside: Path
    readings: int
    damage: str


def open_or_salvage(
    path: Path, scope: str, sender: str, stamp: str, carry: Carry | None = None
) -> tuple[Outbox, Salvage | None]:
    """The outbox in ``path``, checked; a damaged one is replaced.

    Args:
        path: The file, made if there is none.
        scope: As in ``Outbox.open``.
        sender: As in ``Outbox.open``.
        stamp: Ends the name of a file that is set aside, such as ``20261121T023700Z``.
        carry: Saves tables of the owner's own.

    Raises:
        OutboxError: The file cannot be used, for another reason than damage, or cannot be renamed.
    """
    # SQLite makes companions and files of its own in memory only for this name.
    damage = "" if str(path) == ":memory:" or not path.exists() else _damage(path)
    salvage = None
    if damage or _saved(path).exists():
        log.error("%s: damaged (%s); what can be read of it is saved", path, damage or "saving it was interrupted")
        try:
            salvage = _replace(path, f"{scope}/{sender}", stamp, damage, carry)
        except OSError as error:
            raise OutboxError(
                f"{path}: damaged ({damage}) and cannot be set aside ({error}). Check disk and rights."
            ) from error
        log.error("%s: set aside as %s; %d readings saved", path, salvage.set_aside.name, salvage.readings)
    return Outbox.open(path, scope, sender), salvage


def _damage(path: Path) -> str:
    """What is wrong with the file; empty if nothing is."""
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
            (verdict,) = connection.execute(_SQL["check"]).fetchone()
            if verdict != "ok":
                return str(verdict).splitlines()[-1]
            if connection.execute(_SQL["has_waiting"]).fetchone() is None:
                return ""
            wrong = sum(digest_of(payload) != digest for digest, payload in connection.execute(_SQL["digests"]))
            return f"{wrong} batches are not what was written" if wrong else ""
    except sqlite3.OperationalError as error:
        # Locked, no rights, no disk: not damage. Outbox.open says it properly.
        log.warning("%s: could not be checked (%s)", path, error)
        return ""
    except sqlite3.DatabaseError as error:
        return str(error)


def _saved(path: Path) -> Path:
    return path.with_name(f"{path.name}.saved")


def _replace(path: Path, owner: str, stamp: str, damage: str, carry: Carry | None) -> Salvage:
    saved = _saved(path)
    readings = 0
    if not saved.exists():
        saving = path.with_name(f"{path.name}.saving")
        _remove(saving)
        readings = _save(path, saving, owner, carry)
        saving.rename(saved)
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    for companion in _COMPANIONS:
        _rename_if_there(Path(f"{path}{companion}"), Path(f"{aside}{companion}"))
    _rename_if_there(path, aside)
    saved.rename(path)
    return Salvage(aside, readings, damage)


def _remove(path: Path) -> None:
    for name in ("", *_COMPANIONS):
        Path(f"{path}{name}").unlink(missing_ok=True)


def _rename_if_there(old: Path, new: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        old.rename(new)


def _save(damaged: Path, saving: Path, owner: str, carry: Carry | None) -> int:
    """Save what can be read into a complete new file without companions; returns how many readings."""
    scope, _, sender = owner.partition("/")
    with (
        contextlib.closing(Outbox.open(saving, scope, sender)) as outbox,
        contextlib.closing(sqlite3.connect(damaged, isolation_level=None)) as old,
    ):
        readings = outbox.adopt(_batches(old, scope, sender))
        if carry is not None:
            readings += carry(old, outbox)
    return readings


def _batches(old: sqlite3.Connection, scope: str, sender: str) -> Iterator[Adopted]:
    for key in readable_keys(old, _SQL):
        try:
            digest, payload = old.execute(_SQL["batch"], {"key": key}).fetchone()
            batch = decode_batch(payload) if digest_of(payload) == digest else None
        except (sqlite3.DatabaseError, MessageError):
            continue
        # The bytes themselves say epoch and number: whatever else in the file is wrong, this is what was sent.
        if batch is not None and (batch.scope, batch.sender) == (scope, sender):
            yield Adopted(batch.epoch, batch.first_seq, len(batch.readings), payload)


def readable_keys(old: sqlite3.Connection, statements: Mapping[str, str]) -> list[int]:
    """The keys of a damaged table that can be read, in order.

    ``statements`` has ``next_above`` and ``next_below``: the lowest and the highest key between two, each by itself.
    A stretch is read from both its ends up to the damage. What lies between is halved, every stretch once before any is
    halved again: before the first key, and beyond the last, every read meets the same damaged page.
    """
    keys: list[int] = []
    failures = 0
    stretches = deque([(-MAX_SEQUENCE - 1, MAX_SEQUENCE + 1)])
    while stretches and failures < MOST_FAILURES:
        above, below = stretches.popleft()
        upwards, complete = _read(old, statements["next_above"], {"above": above, "below": below}, "above")
        keys += upwards
        if complete:
            continue
        failures += 1
        above = max([above, *upwards])
        downwards, _ = _read(old, statements["next_below"], {"above": above, "below": below}, "below")
        keys += downwards
        below = min([below, *downwards])
        if below - above > 2:
            middle = _middle(above, below)
            stretches += [(above, middle + 1), (middle, below)]
    return sorted(keys)


def _read(old: sqlite3.Connection, step: str, bounds: dict[str, int], moving: str) -> tuple[list[int], bool]:
    """Keys between the bounds from the moving one on, as far as they can be read, and whether that was all."""
    keys: list[int] = []
    try:
        while row := old.execute(step, bounds).fetchone():
            keys.append(row[0])
            bounds[moving] = row[0]
    except sqlite3.DatabaseError:
        return keys, False
    return keys, True


def _middle(above: int, below: int) -> int:
    """Between the two by order of magnitude: the numbers in use are small beside those that could be."""
    if above < 0 < below:
        return 0
    size = math.isqrt(max(abs(above), 1) * max(abs(below), 1))
    return min(max(size if below > 0 else -size, above + 1), below - 2)
