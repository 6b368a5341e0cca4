"""Every text a person can meet is in the Japanese catalogue, with the same values in its braces."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

from shigotoba_backend.texts import texts_in

PACKAGE = Path(str(files("shigotoba_backend")))
ROOMS = ("api", "phone")
IN_TEMPLATES = re.compile(r"""\bt\(\s*(?P<quote>["'])(?P<text>.*?)(?P=quote)""", re.DOTALL)
IN_CODE = re.compile(r"""(?:message|\.say)\(\s*"(?P<text>(?:[^"\\]|\\.)*)\"""")


def said(room: str) -> set[str]:
    templates = (PACKAGE / room).rglob("*.html")
    code = (PACKAGE / room).rglob("*.py")
    found = [match["text"] for file in templates for match in IN_TEMPLATES.finditer(file.read_text(encoding="utf-8"))]
    found += [match["text"] for file in code for match in IN_CODE.finditer(file.read_text(encoding="utf-8"))]
    return set(found)


def values(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_left_in_english_on_a_japanese_screen(room: str) -> None:
    catalogue = texts_in("ja").catalogue
    texts = said(room)
    assert texts
    assert sorted(text for text in texts if text not in catalogue) == []


def test_translations_use_the_same_values() -> None:
    catalogue = texts_in("ja").catalogue
    assert {text: said for text, said in catalogue.items() if values(text) < values(said)} == {}
    assert {text: said for text, said in catalogue.items() if not values(said) <= values(text)} == {}


def test_a_value_may_have_any_name() -> None:
    assert texts_in("ja").say("{text} {self}", text="10:99", self="9") == "10:99 9"
