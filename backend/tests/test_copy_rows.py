"""The binary rows against what PostgreSQL makes of them."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shigotoba_backend.ingest.ordered import in_order
from shigotoba_backend.ingest.readings import copy_packed, packed
from shigotoba_backend.ingest.rows import Rows

NOVEMBER_MS = 1_793_491_200_000
VALUES = st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.none())
LABELS = st.tuples(st.none(), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
ROWS = st.builds(
    lambda point_id, at_ms, seq, value, uncertain: (point_id, NOVEMBER_MS + at_ms, seq, *value, uncertain),
    st.integers(1, 2**31 - 1),
    st.integers(0, 29 * 86_400_000),
    st.integers(1, 2**63 - 1),
    VALUES | LABELS,
    st.booleans(),
)


@pytest.mark.integration
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.lists(ROWS))
def test_rows_come_back_as_they_went_in(conn: psycopg.Connection, rows: list[tuple]) -> None:
    conn.execute("TRUNCATE shigotoba.reading")
    conn.execute("SELECT shigotoba.ensure_reading_month_v1('2026-11-15T00:00:00Z')")
    point_ids, ats_ms, seqs, values, labels, uncertain = zip(*rows, strict=True) if rows else [()] * 6
    values = [0 if value is None else value for value in values]
    copy_packed(conn, packed(in_order([Rows(point_ids, ats_ms, seqs, values, labels, uncertain)])))
    stored = conn.execute(
        "SELECT point_id, (extract(epoch FROM at) * 1000)::bigint, seq, value, label, uncertain FROM shigotoba.reading"
    )
    assert sorted(map(repr, stored.fetchall())) == sorted(repr(row) for row in rows)
