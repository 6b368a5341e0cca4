"""The demo's example figures: the same for the same birthday, all of them marked, taken in by the product itself."""

from __future__ import annotations

import csv
import tomllib
from datetime import date
from pathlib import Path

import pytest

from shigotoba_standalone.demo.examples.curves import tables
from shigotoba_standalone.demo.examples.files import write_examples

BIRTHDAY = date(2026, 11, 21)


def test_every_row_is_marked_as_an_example_and_none_is_of_a_month_that_is_not_over():
    for table in tables(BIRTHDAY):
        headings, *rows = table.rows
        assert headings[-1] == "備考"
        assert all(row[-1] == "例" for row in rows), table.name
        assert not any(row[0] in ("2026年11月", "2026年度") for row in rows), table.name


@pytest.mark.parametrize("birthday", [BIRTHDAY, date(2027, 4, 1), date(2028, 2, 29), date(2027, 3, 31)])
def test_whatever_the_birthday_months_follow_each_other_from_april_of_the_base_year(birthday: date):
    paper = next(table for table in tables(birthday) if table.name == "copy_paper_purchased")
    months = [str(row[0]) for row in paper.rows[1:]]
    assert months[0].endswith("年4月")
    before = date(birthday.year - (birthday.month == 1), (birthday.month - 2) % 12 + 1, 1)
    assert months[-1] == f"{before.year}年{before.month}月"
    assert len(set(months)) == len(months)


def test_the_files_are_written_once_and_name_each_other(tmp_path: Path):
    batch = write_examples(tmp_path, BIRTHDAY, "honcho")
    told = tomllib.loads(batch.read_text(encoding="utf-8"))
    for brought in told["figures"]:
        with tmp_path.joinpath(brought["file"]).open(encoding="utf-8", newline="") as file:
            assert len(list(csv.reader(file))) > 4
        assert brought["source"].startswith("例")
    card = tomllib.loads(tmp_path.joinpath("programme.toml").read_text(encoding="utf-8"))["programmes"][0]["cards"][0]
    assert card["effective_from"] == date(2025, 4, 1)
    batch.write_text("mine", encoding="utf-8")
    assert write_examples(tmp_path, date(2027, 1, 1), "honcho").read_text(encoding="utf-8") == "mine"
