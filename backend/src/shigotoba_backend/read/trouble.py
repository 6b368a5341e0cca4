"""What a person has to look at: what never came, what was refused, what gateways complain of.

Counters on hold are in ``arranging.rises``. Responsible for the lists behind the numbers of ``coverage``. Refuses to
say what to do about them, and to repair.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

from shigotoba_backend.read.rows import rows_of
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("trouble.sql", package="shigotoba_backend.read")
#: The largest holes and the most frequent refusals are what somebody can do something about.
MOST_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class Hole:
    """Numbers of an epoch that never arrived.

    Attributes:
        gateway: Its identity.
        epoch: Of its spool.
        first: The first missing number.
        last: The last.
        noticed_at: When readings of the epoch were last committed.
    """

    gateway: str
    epoch: str
    first: int
    last: int
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was refused for one reason from one device.

    Attributes:
        reason: A code, such as ``unknown_device``.
        gateway: Through which it came; empty when the message does not say.
        device: Its code; empty when the message as a whole was refused.
        times: How often, repeats included.
        last_at: When last.
        detail: The newest one in the words of ingest.
    """

    reason: str
    gateway: str
    device: str
    times: int
    last_at: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a gateway says is wrong, in its own words.

    Attributes:
        gateway: Its identity.
        text: One problem.
        at: When it said so.
    """

    gateway: str
    text: str
    at: datetime


def holes(conn: psycopg.Connection, site: str) -> list[Hole]:
    """The largest holes first."""
    return rows_of(conn, Hole, _QUERIES["holes"], {"site": site, "most": MOST_ROWS})


def refusals(conn: psycopg.Connection, site: str) -> list[Refusal]:
    """The most frequent first; of the site's gateways, and of those that no site knows."""
    return rows_of(conn, Refusal, _QUERIES["refusals"], {"site": site, "most": MOST_ROWS})


def complaints(conn: psycopg.Connection, site: str) -> list[Complaint]:
    """By gateway."""
    return rows_of(conn, Complaint, _QUERIES["complaints"], {"site": site})
