"""Which device serves which place, from when on.

A sensor that is moved takes none of its past along: what it told until then counts where it was. Responsible for
assignments and their entries in the audit log. Refuses to change the past, and to ask who may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg
from psycopg import errors

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.arranging.refusals import refuse
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load
from shigotoba_wire.readings import is_name

_QUERIES: Final = load("arranging.sql", package="shigotoba_backend.arranging")
#: Between choosing "now" and the change's arriving here.
_STILL_NOW: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DeviceKept:
    """A device and where it is.

    Attributes:
        code: Its identity.
        kind: Such as ``seat_sensor``.
        keep_alive_s: The longest time it should be silent.
        space: Code of the place it serves; None where it serves none.
        since: From when on.
        next_space: Where it goes next, if that is known.
        next_at: When.
    """

    code: str
    kind: str
    keep_alive_s: float
    space: str | None
    since: datetime | None
    next_space: str | None
    next_at: datetime | None


def devices(conn: psycopg.Connection, site: str, now: datetime) -> list[DeviceKept]:
    """Every device of a site, by kind and code."""
    return rows_of(conn, DeviceKept, _QUERIES["devices"], {"site": site, "now": now})


def add_device(conn: psycopg.Connection, site: str, device: str, kind: str, keep_alive_s: float, actor: Actor) -> None:
    """Makes a device known, so that its readings are taken; it serves no place yet.

    Raises:
        ProblemError: ``not_a_code``, ``code_taken``.
    """
    if not is_name(device):
        raise refuse("not_a_code", text=device)
    told = {"device": device, "kind": kind, "keep_alive_s": keep_alive_s}
    try:
        with conn.transaction():
            conn.execute(_QUERIES["add_device"], {"site": site, **told})
            record(conn, actor, Deed("device.add", f"device:{device}", site, after=told))
    except errors.UniqueViolation as error:
        raise refuse("code_taken", text=device) from error


def move_device(
    conn: psycopg.Connection, place: tuple[str, str, str | None], at: datetime, actor: Actor, now: datetime
) -> None:
    """Lets a device serve another place, or none, from an instant on.

    Args:
        conn: A connection.
        place: Codes of the site, the device and the place; None for none.
        at: From when on; now or later.
        actor: Who does it.
        now: The present.

    Raises:
        ProblemError: ``past_is_settled``, ``no_such_device``, ``no_such_space``, ``moved_later``, ``already_there``.
    """
    site, device, space = place
    if at < now - _STILL_NOW:
        raise refuse("past_is_settled", at=at.isoformat())
    with conn.transaction():
        device_id = _number(conn, "device_for_change", {"site": site, "device": device}, "no_such_device")
        space_id = _number(conn, "space_id", {"site": site, "space": space}, "no_such_space", space) if space else None
        asked = {"device_id": device_id, "space_id": space_id, "at": at}
        before = _where(conn, asked)
        if before == space:
            raise refuse("already_there")
        conn.execute(_QUERIES["leave"], asked)
        if space_id is not None:
            conn.execute(_QUERIES["arrive"], asked)
        after = {"space": space, "at": at.isoformat()}
        record(conn, actor, Deed("device.move", f"device:{device}", site, {"space": before}, after))


def _where(conn: psycopg.Connection, asked: Mapping[str, object]) -> str | None:
    """The place a device serves at an instant after which nothing else is planned."""
    later = conn.execute(_QUERIES["moves_from"], asked).fetchone()
    if later is not None:
        raise refuse("moved_later", at=later[0].isoformat())
    row = conn.execute(_QUERIES["where_at"], asked).fetchone()
    return str(row[0]) if row else None


def _number(
    conn: psycopg.Connection, query: str, asked: Mapping[str, object], code: str, place: str | None = None
) -> int:
    row = conn.execute(_QUERIES[query], asked).fetchone()
    if row is None:
        raise refuse(code, place=place, device=asked.get("device"))
    return int(row[0])
