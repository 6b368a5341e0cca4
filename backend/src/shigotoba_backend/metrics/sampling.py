"""The numbers at one moment, as samples: a metric's name, its labels' values, a value.

Responsible for asking the database. Refuses to know how Prometheus wants to be told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

import psycopg

from shigotoba_backend.read.coverage import GatewayCoverage, coverage
from shigotoba_backend.read.devices import devices_seen
from shigotoba_backend.store.sql import load

_QUERIES: Final = load("metrics.sql", package="shigotoba_backend.metrics")


class Sample(NamedTuple):
    """One number."""

    name: str
    labels: tuple[str, ...]
    value: float


def samples(conn: psycopg.Connection, now: datetime) -> Iterator[Sample]:
    """Everything there is to tell at ``now``. What was never reported is left out, for it is not 0."""
    for (site,) in conn.execute(_QUERIES["sites"]).fetchall():
        yield from _of_site(conn, site, now)
    yield from _quarantine(conn)
    yield Sample("shigotoba_rollup_backlog", (), _numbers(conn, "rollup_backlog")[0])
    size, connections = _numbers(conn, "database")
    yield Sample("shigotoba_database_bytes", (), size)
    yield Sample("shigotoba_database_connections", (), connections)


def _of_site(conn: psycopg.Connection, site: str, now: datetime) -> Iterator[Sample]:
    completeness = coverage(conn, site, now)
    for gateway in completeness.gateways:
        yield from _of_gateway(site, gateway, now)
    yield from _gateways_own_words(conn, site)
    if completeness.known_share_today is not None:
        yield Sample("shigotoba_coverage_today_ratio", (site,), completeness.known_share_today)
    for (kind, state), count in Counter((each.kind, each.state) for each in devices_seen(conn, site, now)).items():
        yield Sample("shigotoba_devices", (site, kind, state), count)
    for state, count in conn.execute(_QUERIES["bookings_today"], {"site": site, "now": now}).fetchall():
        yield Sample("shigotoba_bookings", (site, state), count)


def _of_gateway(site: str, gateway: GatewayCoverage, now: datetime) -> Iterator[Sample]:
    told: dict[str, float | None] = {
        "shigotoba_readings_received_total": gateway.received,
        "shigotoba_readings_missing": gateway.missing,
        "shigotoba_readings_waiting": gateway.waiting,
        "shigotoba_readings_set_aside": gateway.set_aside,
        "shigotoba_gateway_epochs": gateway.epochs,
        "shigotoba_gateway_silent_seconds": gateway.health_at and (now - gateway.health_at).total_seconds(),
        "shigotoba_driver_restarts_total": gateway.restarts,
    }
    for name, value in told.items():
        if value is not None:
            yield Sample(name, (site, gateway.gateway), value)


def _gateways_own_words(conn: psycopg.Connection, site: str) -> Iterator[Sample]:
    for gateway, free, clock_known, problems in conn.execute(_QUERIES["gateway_health"], {"site": site}).fetchall():
        labels = (site, gateway)
        yield Sample("shigotoba_gateway_problems", labels, problems)
        if free is not None:
            yield Sample("shigotoba_gateway_disk_free_ratio", labels, free)
        if clock_known is not None:
            yield Sample("shigotoba_gateway_clock_known", labels, clock_known)


def _quarantine(conn: psycopg.Connection) -> Iterator[Sample]:
    for reason, count in conn.execute(_QUERIES["quarantined"]).fetchall():
        yield Sample("shigotoba_quarantine_messages", (reason,), count)


def _numbers(conn: psycopg.Connection, query: str) -> tuple[int, ...]:
    return conn.execute(_QUERIES[query]).fetchone() or ()
