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
