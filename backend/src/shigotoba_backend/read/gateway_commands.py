"""What gateways were told to do once and what became of it, and what each of them could be told.

Responsible for these lists. Refuses to tell a gateway anything (see ``arranging.gateway_commands``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load
from shigotoba_wire.commands import MAX_COMMANDS, Outcome

_QUERIES: Final = load("gateway_commands.sql", package="shigotoba_backend.read")

_UNANSWERED: Final = ("", Outcome.UNDER_WAY.value)


@dataclass(frozen=True, slots=True)
class Told:
    """A command and what became of it.

    Attributes:
        command: Its name.
        gateway: Which was told.
        kind: What was to be done.
        agent: By which agent.
        driver: With which driver.
        asked_at: When it was given.
        not_after: When it runs out.
        outcome: Of ``Outcome``, in the gateway's word; empty before it has said any.
        detail: In words.
    """

    command: str
    gateway: str
    kind: str
    agent: str
    driver: str
    asked_at: datetime
    not_after: datetime
    outcome: str
    detail: str

    def standing(self, now: datetime) -> str:
        """The outcome; before there is one ``open`` or ``under_way``, and ``unanswered`` when it ran out so."""
        if self.outcome not in _UNANSWERED:
            return self.outcome
        if self.not_after <= now:
            return "unanswered"
        return self.outcome or "open"


@dataclass(frozen=True, slots=True)
class Ability:
    """A gateway that could be told something, or a driver of one of its agents.

    Attributes:
        gateway: Its identity.
        heard_at: When it said so.
        agent: The agent; empty for the gateway itself.
        driver: The driver; empty likewise.
        state: Of ``DriverState``; empty likewise.
        trouble: The driver's last error in its own words; empty when there was none.
        certificate_until: When the gateway's certificate ends; None where it has none, and for drivers.
    """

    gateway: str
    heard_at: datetime
    agent: str
    driver: str
    state: str
    trouble: str
    certificate_until: datetime | None


def commands(conn: psycopg.Connection, site: str, gateway: str | None = None) -> list[Told]:
    """What a gateway was told lately, or all of the site, the newest first."""
    return rows_of(conn, Told, _QUERIES["commands"], {"site": site, "gateway": gateway, "most": MAX_COMMANDS})


def abilities(conn: psycopg.Connection, site: str) -> list[Ability]:
    """Every gateway of the site that has said how it is, each followed by its drivers."""
    return rows_of(conn, Ability, _QUERIES["abilities"], {"site": site})
