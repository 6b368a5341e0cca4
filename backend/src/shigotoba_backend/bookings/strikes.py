"""No-shows that count, and the way to have one taken back.

A strike is given for a booking that was released because nobody came, unless no living sensor could have seen
somebody. It counts for the days the rules say, and not while an appeal is open.

Responsible for giving and taking back. Refuses to bar anybody (see ``quotas.check_strikes``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import psycopg

from shigotoba_backend.bookings.refusals import refuse
from shigotoba_backend.bookings.values import Asker
from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("strikes.sql", package="shigotoba_backend.bookings")


@dataclass(frozen=True, slots=True)
class Strike:
    """One no-show.

    Attributes:
        strike_id: Its name.
        person_id: Whose.
        booking_id: The booking nobody came to.
        site: Code of its site.
        at: When it was released.
        state: Whether it counts.
        appeal: Why it should not, in the person's words.
    """

    strike_id: UUID
    person_id: int
    booking_id: UUID
    site: str
    at: datetime
    state: Literal["stands", "appealed", "upheld", "lifted"]
    appeal: str | None


def give(conn: psycopg.Connection, booking_id: UUID, at: datetime) -> UUID | None:
    """A strike for a booking that was released; None when it deserves none."""
    row = conn.execute(_QUERIES["give"], {"booking_id": booking_id, "at": at}).fetchone()
    return row[0] if row else None


def strikes_of(conn: psycopg.Connection, person_id: int) -> list[Strike]:
    """All of somebody's, newest first."""
    return _strikes(conn, person_id=person_id)


def appeals(conn: psycopg.Connection, asker: Asker) -> list[Strike]:
    """Those that wait for a decision at the sites somebody manages."""
    return _strikes(conn, sites=sorted(asker.manages))


def appeal(conn: psycopg.Connection, asker: Asker, strike_id: UUID, words: str) -> Strike:
    """Asks for a strike to be taken back; once.

    Raises:
        BookingRefusedError: ``not_found``, ``wrong_state``.
    """
    strike = _strike(conn, strike_id)
    if strike.person_id != asker.person_id:
        raise refuse("not_found", strike=str(strike_id))
    return _change(conn, "appeal", strike, {"strike_id": strike_id, "words": words})


def decide_appeal(conn: psycopg.Connection, asker: Asker, strike_id: UUID, lifted: bool, now: datetime) -> Strike:
    """Takes a strike back, or not, for good.

    Raises:
        BookingRefusedError: ``not_permitted``, ``wrong_state``.
    """
    strike = _strike(conn, strike_id)
    if strike.site not in asker.manages:
        raise refuse("not_permitted", site=strike.site)
    state = "lifted" if lifted else "upheld"
    fields: dict[str, object] = {"strike_id": strike_id, "state": state, "by": asker.person_id, "now": now}
    with conn.transaction():
        decided = _change(conn, "decide", strike, fields)
        conn.execute(_QUERIES["tell"], fields)
        return decided


def _change(conn: psycopg.Connection, statement: str, strike: Strike, fields: dict[str, object]) -> Strike:
    if conn.execute(_QUERIES[statement], fields).fetchone() is None:
        raise refuse("wrong_state", state=strike.state)
    return _strike(conn, strike.strike_id)


def _strike(conn: psycopg.Connection, strike_id: UUID) -> Strike:
    found = _strikes(conn, strike_id)
    if not found:
        raise refuse("not_found", strike=str(strike_id))
    return found[0]


def _strikes(
    conn: psycopg.Connection, strike_id: UUID | None = None, person_id: int | None = None, sites: Sequence[str] = ()
) -> list[Strike]:
    asked = {"strike_id": strike_id, "person_id": person_id, "sites": list(sites)}
    return rows_of(conn, Strike, _QUERIES["strikes"], asked)
