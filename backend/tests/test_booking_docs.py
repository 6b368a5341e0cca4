"""docs/bookings.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from shigotoba_backend.bookings.rules import Rules

PAGE = Path(__file__).parents[2].joinpath("docs", "bookings.md").read_text(encoding="utf-8")
WORDS = {"False": "no", "True": "yes", "None": "none"}


def test_every_rule_is_on_the_page_with_its_default_and_its_meaning():
    told = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", PAGE, flags=re.MULTILINE)
    meanings = re.findall(r"^ +(\w+): (.+)$", Rules.__doc__ or "", flags=re.MULTILINE)
    defaults = {field.name: field.default for field in msgspec.structs.fields(Rules)}
    written = {name: WORDS.get(repr(value), str(value)) for name, value in defaults.items()}
    assert told == [(name, written[name], meaning) for name, meaning in meanings]
    assert set(defaults) == {name for name, _ in meanings}


def test_each_of_the_25_acceptance_lines_names_tests_that_exist():
    lines = re.findall(r"^\| (\d+) \| [^|]+ \| (.+) \|$", PAGE, flags=re.MULTILINE)
    assert [int(number) for number, _ in lines] == list(range(1, 26))
    root = Path(__file__).parents[2]
    rooms = (root / "backend" / "tests", root / "booth" / "tests", root / "tests")
    files = [file for room in rooms for file in room.glob("test_*.py")]
    known = {name for file in files for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))}
    named = {name for _, tests in lines for name in re.findall(r"`(test_\w+)`", tests)}
    assert named - known == set()
    assert all("`test_" in tests for _, tests in lines)
