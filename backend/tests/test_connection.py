"""Connections to the store: how long each side listens to a machine that says nothing any more."""

from __future__ import annotations

import pytest
from psycopg.conninfo import conninfo_to_dict

from shigotoba_backend.store.connection import connect

pytestmark = pytest.mark.integration

WITHIN_S = 30


def test_who_waits_for_a_database_whose_machine_vanished_gives_up_within_half_a_minute(database: str) -> None:
    with connect(database) as conn:
        # Bulk reads connect with the same.
        parameters = conninfo_to_dict(conn.info.dsn)
    told = {name: int(value) for name, value in parameters.items() if str(value).isdecimal()}
    assert told["keepalives_idle"] + told["keepalives_interval"] * told["keepalives_count"] <= WITHIN_S
    assert told["tcp_user_timeout"] <= WITHIN_S * 1_000
