"""The backend's settings file, ``backend.toml``."""

from __future__ import annotations

import msgspec

from shigotoba_wire.settings import Broker


class BackendSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every process of the backend is told.

    Attributes:
        database: A libpq connection string; passwords belong into ``passfile=``, never into this line.
        broker: The upstream broker.
        shard: Which share of the gateways this ingest worker takes, from 0.
        shards: Into how many shares the gateways are cut, 1 to 16.
    """

    database: str
    broker: Broker
    shard: int = 0
    shards: int = 1
