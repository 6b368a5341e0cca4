"""The commands ``import``, as a person uses them: shown first, kept, corrected with a reason, refused in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from shigotoba_backend.cli import main

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]

PAPER = ("copy_paper_purchased", "--scope", "site:honcho", "--source", "会計課")
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(conn: psycopg.Connection, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    settings = tmp_path / "backend.toml"
    settings.write_text(f'database = "{database}"\n[broker]\nhost = "127.0.0.1"\nport = 1\n', encoding="utf-8")

    def command(*words: str) -> tuple[int, str]:
        status = main(["import", words[0], "--settings", str(settings), *words[1:]])
        return status, "".join(capsys.readouterr())

    return command


def figures(conn: psycopg.Connection) -> list[tuple[str, int]]:
    rows = conn.execute("SELECT period, numerator FROM shigotoba.imported_figure ORDER BY figure_id").fetchall()
    return [(period, int(value)) for period, value in rows]


def test_a_file_is_shown_kept_and_one_figure_of_it_corrected_with_the_reason(run, conn, tmp_path):
    file = tmp_path / "paper.csv"
    file.write_text("期間,購入枚数\nR8.4,12万3400\n2026-05,１００，０００\nR8.6,\n", encoding="utf-8")
    status, said = run("preview", *PAPER, str(file))
    assert status == 0
    assert "new       2026年4月（令和8年4月）: 123400" in said
    assert "blank, which is unknown and not 0" in said
    assert figures(conn) == []
    assert run("keep", *PAPER, str(file)) == (0, "new 2, corrected 0, as before 0\n")
    assert run("keep", *PAPER, str(file)) == (0, "new 0, corrected 0, as before 2\n")
    status, said = run("correct", *PAPER, "R8.5", "9万", "--reason", "納品書と照合")
    assert (status, "corrected 2026年5月（令和8年5月）: 90000 instead of 100000" in said) == (0, True)
    past = run("history", *PAPER[:3], "2026-05")[1].splitlines()
    assert "90000 sheets, written “9万”, by a command: 納品書と照合" in past[0]
    assert "100000 sheets, written “１００，０００”" in past[1]


def test_what_cannot_be_taken_is_said_with_row_value_and_what_to_do_and_nothing_is_kept(run, conn, tmp_path):
    file = tmp_path / "paper.csv"
    file.write_text('期間,購入枚数\nR8.4,500\nR8.5,"12,34"\n昨年度,7\n', encoding="utf-8")
    for command in ("preview", "keep"):
        status, said = run(command, *PAPER, str(file))
        assert status == 2
        assert "row 3, 購入枚数: “12,34”" in said
        assert "row 4, 期間: “昨年度” is not a period. Write 2022年度" in said
    assert "「昨年度」" in run("keep", *PAPER, "--language", "ja", str(file))[1]
    assert run("keep", *PAPER, str(tmp_path / "no.csv"))[0] == 2
    assert run("keep", "no_such_series", *PAPER[1:], str(file))[0] == 2
    assert run("keep", "telework_rate", *PAPER[1:], str(file))[1].startswith("No row has a heading")
    assert figures(conn) == []


def test_a_form_is_printed_that_can_be_read_back(run, conn, tmp_path):
    file = tmp_path / "form.csv"
    file.write_text(run("form", "copy_paper_purchased")[1], encoding="utf-8")
    assert run("preview", *PAPER, str(file))[0] == 0
    assert "コピー用紙購入量 (sheets)" in run("series", "--language", "ja")[1]


BATCH = """
figures = [{ series = "copy_paper_purchased", scope = "site:honcho", file = "paper.csv", source = "例" }]
base_years = [
  { indicator = "copy_paper_purchased", scope = "site:honcho", year = 2025, by = "例" },
  { indicator = "sheets", scope = "site:honcho", year = 2025, by = "例", file = "sheets.csv" },
]
targets = [{ indicator = "copy_use_change", scope = "site:honcho", year = 2026, value = -30, by = "例" }]
programmes = [{ organisation = "main", file = "plans.toml" }]
"""
PLANS = """
[[programmes]]
code = "p"
name = "計画"
owner = "市"
source = "例"
cards = [{ code = "1", title = "試行", pillar = "柱", status = "planned", responsible = ["総務課"], first_year = 2026 }]
"""


def test_a_batch_brings_figures_base_years_targets_and_programmes_once(run, conn, tmp_path):
    (tmp_path / "paper.csv").write_text("期間,購入枚数\nR7.10,500\nR8.10,400\n", encoding="utf-8")
    (tmp_path / "sheets.csv").write_text("期間,値,推計\nR7.10,1000枚,推計\n", encoding="utf-8")
    (tmp_path / "plans.toml").write_text(PLANS, encoding="utf-8")
    batch = tmp_path / "batch.toml"
    batch.write_text(BATCH, encoding="utf-8")
    first = run("batch", str(batch))
    assert first[0] == 0, first
    assert "base year 2025 of sheets site:honcho: published as number 2" in first[1]
    entries = "SELECT count(*) FROM shigotoba.audit_log"
    logged = conn.execute(entries).fetchone()
    again = run("batch", str(batch))[1]
    assert again.count("published already") == 2
    assert ("set already" in again, "as before 1" in again) == (True, True)
    assert conn.execute(entries).fetchone() == logged
    batch.write_text(BATCH.replace('2025, by = "例", file', '2024, by = "例", file'), encoding="utf-8")
    status, said = run("batch", str(batch))
    assert (status, "sheets.csv: row 2: 2025-10 is not of the fiscal year 2024" in said) == (2, True), said
    (tmp_path / "paper.csv").write_text("期間,購入枚数\nR8.10,x\n", encoding="utf-8")
    status, said = run("batch", str(batch))
    assert (status, "paper.csv: row 2, 購入枚数: “x”" in said) == (2, True)
