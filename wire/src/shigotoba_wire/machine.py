"""Which machine this is, so that a copied memory card does not number as its original does.

Two copies of one outbox would give the same numbers to different readings, and the receiver would take the second for
repeats of the first. So the file knows on which machine it is at work. On another one it begins a new epoch; what
waits keeps the numbers it was cut with, for whichever of the two sends it first.

Responsible for the machine's name and for that step. Refuses to refuse: a card may well be moved to a new board.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import secrets
import sqlite3
from pathlib import Path
from typing import Final

from shigotoba_wire.outbox import Outbox
from shigotoba_wire.statements import load_statements

log = logging.getLogger(__name__)

_SQL: Final = load_statements("shigotoba_wire", "machine.sql")
_SERIAL: Final = "firmware/devicetree/base/serial-number"
"""The board's own number, where it has one, as a Raspberry Pi does."""


def this_machine(sys: Path = Path("/sys")) -> str:
    """A name that no other machine has, and no memory card carries along; empty where nothing tells.

    The board's serial number, or the address of its first network card; hashed, for neither is anybody's business.
    """
    told = _text(sys / _SERIAL) or _network_card(sys / "class" / "net")
    return hashlib.sha256(told.encode()).hexdigest()[:16] if told else ""


def part_from_original(path: Path, machine: str) -> bool:
    """Begin a new epoch in the outbox file in ``path`` if it was last at work on another machine; whether it was.

    To be called before the file is opened as an outbox. A file that cannot be read is left to ``salvage``.
    """
    if not machine or not path.exists():
        return False
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            return _part(connection, path, machine)
    except sqlite3.Error as error:
        log.warning("%s: whose it is could not be read (%s)", path, error)
        return False


def sign(outbox: Outbox, machine: str) -> None:
    """Note that ``outbox`` is at work on ``machine``."""
    if machine:
        with outbox.transaction() as connection:
            connection.execute(_SQL["make_machine"])
            connection.execute(_SQL["sign"], {"name": machine})


def _part(connection: sqlite3.Connection, path: Path, machine: str) -> bool:
    connection.execute(_SQL["make_machine"])
    known = connection.execute(_SQL["machine"]).fetchone()
    if known is None or known[0] == machine:
        return False
    connection.execute("BEGIN IMMEDIATE")
    (epoch,) = connection.execute(_SQL["epoch"]).fetchone()
    (place,) = connection.execute(_SQL["first_place"]).fetchone()
    values = {"epoch": epoch, "place": place, "new_epoch": secrets.token_hex(8), "name": machine}
    for step in ("adopt_waiting", "move_waiting", "move_set_aside", "begin_anew", "sign"):
        connection.execute(_SQL[step], values)
    connection.execute("COMMIT")
    log.warning("%s comes from another machine: it goes on under a new epoch", path)
    return True


def _network_card(folder: Path) -> str:
    """The address of the first card that is a device; what programs have made up has none."""
    real = sorted(card for card in folder.glob("*") if (card / "device").exists())
    return next(filter(None, (_text(card / "address") for card in real)), "")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip("\0\n ")
    except OSError:
        return ""
