"""The ledger: which sequence numbers of each epoch have been committed, and so what of a batch is new.

Batches come again (a receipt was lost), overlap, and arrive out of order; each number counts once. The epochs' rows
stay locked until the commit, so this holds even while a second worker is about.

Responsible for deciding what is new. Refuses to know what the numbers count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Final

import psycopg

from shigotoba_backend.store.sql import load

_QUERIES: Final = load("ledger.sql", package="shigotoba_backend.ingest")

Span = tuple[int, int]
"""The numbers from the first up to, not including, the second."""

Epoch = tuple[int, str, str]
"""Site id, gateway and epoch name: within these a sequence number means one reading."""


@dataclass(frozen=True)
class Claim:
    """The numbers of one batch."""

    epoch: Epoch
    first: int
    beyond: int


def claim(conn: psycopg.Connection, claims: Sequence[Claim]) -> list[list[Span]]:
    """Enters the claims, within the caller's transaction.

    Returns:
        For each claim what of it is new, counting what earlier claims of the same call took.
    """
    if not claims:
        return []
    asked = merged(claims)
    columns = {
        "site_ids": [claim.epoch[0] for claim in asked],
        "gateways": [claim.epoch[1] for claim in asked],
        "epochs": [claim.epoch[2] for claim in asked],
        "firsts": [claim.first for claim in asked],
        "beyonds": [claim.beyond for claim in asked],
    }
    fresh: dict[Epoch, list[Span]] = defaultdict(list)
    for site_id, gateway, epoch, first, beyond in conn.execute(_QUERIES["lock_and_compare"], columns):
        fresh[site_id, gateway, epoch].append((first, beyond))
    if fresh:
        conn.execute(_QUERIES["enter"], columns)
    if _count(chain.from_iterable(fresh.values())) == _count((claim.first, claim.beyond) for claim in claims):
        # As many as were asked for: all of it is new, and nothing was asked for twice.
        return [[(claim.first, claim.beyond)] for claim in claims]
    return [_take(fresh, claim) for claim in claims]


def merged(claims: Iterable[Claim]) -> list[Claim]:
    """The same numbers in as few claims as possible: most batches begin where the last of their epoch ended."""
    found: list[Claim] = []
    for claim in sorted(claims, key=attrgetter("epoch", "first")):
        last = found[-1] if found else None
        if last and last.epoch == claim.epoch and claim.first <= last.beyond:
            found[-1] = Claim(last.epoch, last.first, max(last.beyond, claim.beyond))
        else:
            found.append(claim)
    return found


def split(spans: Sequence[Span], first: int, beyond: int) -> tuple[list[Span], list[Span]]:
    """What of ``spans`` lies in ``first`` up to ``beyond``, and what is left of them without it."""
    inside = _not_empty((max(a, first), min(b, beyond)) for a, b in spans)
    left = _not_empty(part for a, b in spans for part in ((a, min(b, first)), (max(a, beyond), b)))
    return inside, left


@dataclass(frozen=True)
class Account:
    """A gateway's entries, all epochs together.

    Attributes:
        epochs: How many outbox files the gateway has had.
        received: Readings committed or in quarantine.
        missing: Numbers skipped below the highest of their epoch.
        highest: Highest number of the epoch heard of last.
    """

    site: str
    gateway: str
    epochs: int
    received: int
    missing: int
    highest: int


def accounts(conn: psycopg.Connection) -> list[Account]:
    """All gateways' entries, by site and gateway."""
    return [Account(*row) for row in conn.execute(_QUERIES["accounts"])]


def _count(spans: Iterable[Span]) -> int:
    return sum(beyond - first for first, beyond in spans)


def _take(fresh: dict[Epoch, list[Span]], claim: Claim) -> list[Span]:
    taken, fresh[claim.epoch] = split(fresh[claim.epoch], claim.first, claim.beyond)
    return taken


def _not_empty(spans: Iterable[Span]) -> list[Span]:
    return [(first, beyond) for first, beyond in spans if first < beyond]
