"""The running server: its command line, how one connects to it and how one knows that it answers.

Settings are given on the command line, so that a new release changes them without touching anybody's files.
Responsible for those values. Refuses to start anything itself: the supervisor does.
"""

from __future__ import annotations

import signal
from collections.abc import Mapping
from functools import partial
from typing import Final

import psycopg
from psycopg.conninfo import make_conninfo

from shigotoba_standalone.postgres.cluster import SUPERUSER, Cluster, clear_stale_locks
from shigotoba_standalone.programs import Program

SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "cluster_name": "shigotoba",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "log_checkpoints": "off",
    # Small machines and containers: few cores, and a /dev/shm too small for parallel hash joins.
    "max_parallel_workers_per_gather": "0",
    "io_method": "sync",
}


def server(cluster: Cluster, changes: Mapping[str, str] | None = None) -> Program:
    """The server of ``cluster`` as a program to run.

    Args:
        cluster: A prepared cluster.
        changes: PostgreSQL settings that differ from ``SETTINGS``, e.g. ``fsync`` for throw-away databases.
    """
    places = cluster.places
    settings = {**SETTINGS, "unix_socket_directories": str(places.socket), **(changes or {})}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Program(
        name="postgres",
        command=[str(places.binaries.program("postgres")), "-D", str(places.data), *options],
        account=places.account,
        stop_signal=signal.SIGINT,  # "fast": ends sessions and writes a checkpoint
        orphan_signal=signal.SIGQUIT,  # "immediate": takes its own children with it, recovers at the next start
        ready=partial(_answers, conninfo(cluster, "postgres")),
        mend=partial(clear_stale_locks, cluster),
    )


def conninfo(cluster: Cluster, database: str) -> str:
    """How to connect to ``database``, for psycopg and libpq."""
    return make_conninfo("", host=str(cluster.places.socket), user=SUPERUSER, dbname=database)


def _answers(target: str) -> bool:
    try:
        psycopg.connect(target, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
