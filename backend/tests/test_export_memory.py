"""Files of any length: what an export needs of memory does not grow with its rows, from the database to the disk."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.exports.datasets import DATASETS, Asked
from shigotoba_backend.exports.formats import Form, write
from shigotoba_backend.exports.layouts import LAYOUTS
from shigotoba_backend.exports.making import export
from shigotoba_backend.site.description import SiteFile

DATASET = "space_use_by_quarter"
FIRST = date(2026, 7, 1)
NOW = datetime(2026, 11, 21, tzinfo=UTC)
POINTS = 4
"""Of a booth in a quarter of an hour: occupied, vacant and unknown time, stays."""

QUARTERS = """
INSERT INTO shigotoba.use_15min (space_id, bucket, occupied_s, vacant_s, presses)
SELECT space_id, bucket, 300, 600, 0 FROM shigotoba.space,
       generate_series('2026-06-30 15:00Z'::timestamptz, '2026-07-31 14:45Z', '15 minutes') AS bucket
WHERE code = '3f-b1'
"""


def asked(days: int) -> Asked:
    return Asked(organisation="main", site="honcho", first=FIRST, last=FIRST + timedelta(days=days - 1), now=NOW)


def made_row(number: int) -> tuple[object, ...]:
    return (NOW + timedelta(minutes=15 * number), "honcho", "3f", "3f-b1", "booth", "occupied_time", number / 7, "s")


def peak_of(made: Callable[[], int]) -> tuple[int, int]:
    """Rows written, and bytes Python had taken at the most."""
    tracemalloc.start()
    try:
        return made(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.integration
def test_an_export_of_many_rows_needs_no_more_memory_than_one_of_few(
    conn: psycopg.Connection, small_site: SiteFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conn.execute(QUARTERS)
    monkeypatch.setattr("shigotoba_backend.exports.datasets._FETCHED_AT_ONCE", 200)

    def of_days(days: int) -> Callable[[], int]:
        return lambda: export(conn, DATASET, "csv", asked(days), COMMAND, tmp_path).made.rows

    of_days(1)()
    few, many = peak_of(of_days(5)), peak_of(of_days(20))
    assert (few[0], many[0]) == (5 * 96 * POINTS, 20 * 96 * POINTS)
    assert many[1] < 1.5 * few[1]


@pytest.mark.integration
def test_the_rows_of_an_export_wait_in_the_database(conn: psycopg.Connection, small_site: SiteFile) -> None:
    conn.execute(QUARTERS)
    rows: Iterator[object] = iter(DATASETS[DATASET].rows(conn, asked(20)))
    assert next(rows)
    assert conn.execute("SELECT name FROM pg_cursors").fetchall() == [("export",)]
    assert sum(1 for _ in rows) == 20 * 96 * POINTS - 1


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_a_workbook_and_a_parquet_file_are_written_as_the_rows_come(
    form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shigotoba_backend.exports.parquet._BATCH", 100)

    def of_rows(rows: int) -> Callable[[], int]:
        return lambda: write(form, tmp_path / "file", LAYOUTS[DATASET], map(made_row, range(rows))).rows

    of_rows(1)()
    few, many = peak_of(of_rows(200)), peak_of(of_rows(1_000))
    assert many[1] < 1.5 * few[1]
