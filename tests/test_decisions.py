"""Decisions have one form: a numbered title that says what is decided, then why, what and what follows, on one page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs/decisions"
DECISIONS = sorted(FOLDER.glob("*.md"))
PARTS = ("**Context.**", "**Decision.**", "**Consequences.**")
A_PAGE = 40
"""Lines of 120 to 140 characters."""

NAMED = re.compile(r"(?:decision|decisions|ADR) (?:\[)?(\d+)")


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_is_one_page_with_why_what_and_what_follows(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    number = int(page.name.partition("-")[0])
    assert re.match(rf"# {number}\. \S.+\n\n", text), "the title begins with the number of the file"
    places = [text.find(part) for part in PARTS]
    assert -1 not in places
    assert places == sorted(places)
    assert all(re.search(rf"{re.escape(part)}\s+\S", text) for part in PARTS)
    assert len(text.splitlines()) <= A_PAGE
    assert not text.rstrip().endswith(PARTS)


def test_no_number_is_given_twice() -> None:
    numbers = [page.name.partition("-")[0] for page in DECISIONS]
    assert len(numbers) == len(set(numbers)) > 25


def test_every_decision_that_is_named_somewhere_is_one() -> None:
    known = {int(page.name.partition("-")[0]) for page in DECISIONS}
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")]
    named = {(page.name, int(number)) for page in pages for number in NAMED.findall(page.read_text(encoding="utf-8"))}
    assert named
    assert [each for each in sorted(named) if each[1] not in known] == []
