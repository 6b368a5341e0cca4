"""The figures as programs get them: every day of every space and printer, nothing known told from nothing happened."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest

from shigotoba_backend.cli import main
from shigotoba_backend.read.figures import PrinterDay, SpaceDay, figures

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
LAST_HOUR_OF_FRIDAY = datetime(2026, 11, 20, 14, tzinfo=UTC)
"""23:00 in Tokyo."""


@pytest.fixture
def used(conn: psycopg.Connection) -> psycopg.Connection:
    conn.execute(
        "INSERT INTO shigotoba.use_15min (space_id, bucket, occupied_s, vacant_s, presses) "
        "SELECT space_id, %s, 600, 200, 2 FROM shigotoba.space WHERE code = '3f-b1'",
        [LAST_HOUR_OF_FRIDAY],
    )
    conn.execute(
        "INSERT INTO shigotoba.printing_hour (device_id, bucket, impressions_total, fax_sent, resets) "
        "SELECT device_id, %s, 12, NULL, 1 FROM shigotoba.device WHERE code = 'mfp-X001'",
        [LAST_HOUR_OF_FRIDAY],
    )
    return conn


def test_every_day_of_every_space_and_printer_has_a_row(used: psycopg.Connection) -> None:
    found = figures(used, "honcho", FRIDAY, SATURDAY)
    assert [(row.day, row.space) for row in found.use] == [
        (day, space) for day in (FRIDAY, SATURDAY) for space in ("3f-b1", "3f-s01", "3f-s02")
    ]
    assert found.use[0] == SpaceDay(FRIDAY, "3f-b1", "booth", 600.0, 800.0, 2)
    assert found.use[3] == SpaceDay(SATURDAY, "3f-b1", "booth", None, 0.0, None)
    nothing = (None,) * 8
    assert found.printing == [
        PrinterDay(FRIDAY, "mfp-X001", 12, *nothing, hours=1, resets=1, wraps=0),
        PrinterDay(SATURDAY, "mfp-X001", None, *nothing, hours=0, resets=0, wraps=0),
    ]


def test_the_command_prints_them_as_json(
    used: psycopg.Connection, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "backend.toml"
    settings.write_text(f'database = "{database}"\n[broker]\nhost = "127.0.0.1"\nport = 1\n', encoding="utf-8")
    given = ["figures", "--settings", str(settings), "--from", "2026-11-20", "--to", "2026-11-21", "--json"]
    assert main(given) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["site"], told["first"], told["last"]) == ("honcho", "2026-11-20", "2026-11-20")
    assert told["use"][0]["occupied_s"] == 600.0
    assert used.info.dbname in database
