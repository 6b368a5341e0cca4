"""Columns packed by ourselves against what PostgreSQL reads in them."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shigotoba_backend.ingest.arrays import float8s, instants, int4s, texts

pytestmark = pytest.mark.integration

WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
ROWS = st.tuples(
    st.integers(-(2**31), 2**31 - 1),
    st.integers(-(2**42), 2**42),
    st.none() | st.floats(allow_nan=False),
    st.none() | WORDS,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.lists(ROWS, max_size=30))
def test_columns_come_back_as_they_went_in(conn: psycopg.Connection, rows: list[tuple]) -> None:
    numbers, ats_ms, values, words = zip(*rows, strict=True) if rows else ((), (), (), ())
    read = conn.execute(
        "SELECT number, (extract(epoch FROM at) * 1000)::bigint, value, word"
        " FROM unnest(%s::int[], %s::timestamptz[], %s::float8[], %s::text[]) AS row (number, at, value, word)",
        [int4s(numbers), instants(ats_ms), float8s(values), texts(words)],
    )
    assert list(map(repr, read)) == list(map(repr, rows))
