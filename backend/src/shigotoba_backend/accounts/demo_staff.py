"""Accounts for the staff of a simulated building, and a token for each, so that it can use the product as people do.

Responsible for making what is missing and for the file of tokens. Refuses passwords: nobody signs in as one of them.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import psycopg

from shigotoba_backend.accounts import sessions
from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.keeping import NewPerson, create_person
from shigotoba_backend.accounts.people import person_by_login
from shigotoba_backend.accounts.roles import Grant, Role

_TEN_YEARS: Final = timedelta(days=3650)
_LABEL: Final = "simulated building"


class StaffMember(msgspec.Struct, frozen=True):
    """Somebody who works in the building."""

    login: str
    name: str


def make_staff(conn: psycopg.Connection, site: str, staff: Path, tokens: Path, now: datetime) -> int:
    """Makes the accounts and tokens of those in ``staff`` that have no token in ``tokens`` yet; how many.

    Raises:
        AccountError: The site is unknown.
    """
    listed = msgspec.json.decode(staff.read_bytes(), type=list[StaffMember])
    held = msgspec.json.decode(tokens.read_bytes(), type=dict[str, str]) if tokens.exists() else {}
    missing = [member for member in listed if member.login not in held]
    if missing:
        with conn.transaction():
            made = {member.login: _token(conn, member, site, now) for member in missing}
        _write_private(tokens, msgspec.json.encode(held | made))
    return len(missing)


def _token(conn: psycopg.Connection, member: StaffMember, site: str, now: datetime) -> str:
    known = person_by_login(conn, member.login, now)
    new = NewPerson(member.login, member.name, site, grants=(Grant(Role.STAFF),))
    person_id = create_person(conn, new, COMMAND, now) if known is None else known.person_id
    return sessions.begin_token(conn, person_id, _LABEL, _TEN_YEARS, now)


def _write_private(path: Path, content: bytes) -> None:
    beside = path.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content + b"\n")
    beside.replace(path)
