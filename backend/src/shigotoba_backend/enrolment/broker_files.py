"""What the broker reads: the authority's certificate, the revocation list, the access list.

The files say what the database says. They are written after every change and again by a job, so that a crash between
commit and file is made good.

Responsible for these three files. Refuses to start or stop a broker.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import psycopg

from shigotoba_backend.enrolment.access import access_list
from shigotoba_backend.enrolment.authority import CERTIFICATE, Authority, open_authority
from shigotoba_backend.enrolment.nudge import nudge
from shigotoba_backend.enrolment.rows import QUERIES, admitted, revoked
from shigotoba_backend.enrolment.settings import EnrolmentSettings
from shigotoba_backend.settings import BackendSettings
from shigotoba_wire.files import replace_file

REVOCATIONS: Final = "crl.pem"
ACCESS: Final = "acl"
STATE: Final = ".state"


def refresh_broker(conn: psycopg.Connection, settings: EnrolmentSettings, now: datetime) -> bool:
    """Brings the broker's files in line with the database; whether anything had to change.

    Raises:
        AuthorityError: The authority cannot be opened.
        OSError: The files cannot be written.
    """
    authority = open_authority(settings.authority)
    with conn.transaction():
        # One writer at a time, so that an older state never overwrites a newer one.
        conn.execute(QUERIES["lock_authority"])
        changed = _write(conn, authority, settings.broker_files, now)
    if changed and settings.broker_pid_file is not None:
        nudge(settings.broker_pid_file)
    return changed


def keep_broker_files(conn: psycopg.Connection, settings: BackendSettings, now: datetime) -> int:
    """The job that makes good for a crash between commit and file, and takes expired gateways off the access list."""
    return int(settings.enrolment is not None and refresh_broker(conn, settings.enrolment, now))


def _write(conn: psycopg.Connection, authority: Authority, directory: Path, now: datetime) -> bool:
    lines = revoked(conn, now)
    access = access_list(admitted(conn, now))
    # A list is signed with the time in it, so whether it has changed is seen by what is on it.
    state = "\n".join([authority.fingerprint, *(f"{line.serial:x}" for line in lines), access]).encode()
    if _holds(directory / STATE, state) and (directory / REVOCATIONS).exists() and (directory / ACCESS).exists():
        return False
    directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    replace_file(directory / CERTIFICATE, authority.pem, 0o644)
    replace_file(directory / REVOCATIONS, authority.revocation_list(lines, now), 0o644)
    replace_file(directory / ACCESS, access.encode(), 0o640)
    replace_file(directory / STATE, state, 0o600)
    return True


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        return False
