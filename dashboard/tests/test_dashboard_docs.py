"""docs/dashboard.md says what is tested."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT.joinpath("docs", "dashboard.md").read_text(encoding="utf-8")


def test_each_of_the_25_acceptance_lines_names_tests_that_exist():
    lines = re.findall(r"^\| (\d+) \| [^|]+ \| (.+) \|$", PAGE, flags=re.MULTILINE)
    assert [int(number) for number, _ in lines] == list(range(1, 26))
    rooms = (ROOT / "backend" / "tests", ROOT / "dashboard" / "tests", ROOT / "tests")
    files = [file for room in rooms for file in room.rglob("test_*.py")]
    known = {name for file in files for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))}
    named = {name for _, tests in lines for name in re.findall(r"`(test_\w+)`", tests)}
    assert named - known == set()
    assert all("`test_" in tests for _, tests in lines)
