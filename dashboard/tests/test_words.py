from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import shigotoba_dashboard
from shigotoba_dashboard.words import LANGUAGES, Language, language_of, words_in

PACKAGE = Path(shigotoba_dashboard.__file__).parent


def messages_used() -> set[str]:
    found = extract_from_dir(PACKAGE, [("**.py", "python")], keywords={"say": None, "message": None})
    return {message for _file, _line, message, _comments, _context in found if isinstance(message, str)}


def fields_of(message: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", message))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_used_has_a_translation(language: Language):
    assert messages_used() - set(words_in(language).catalogue) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_over(language: Language):
    assert set(words_in(language).catalogue) - messages_used() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_uses_exactly_the_values_of_its_message(language: Language):
    catalogue = words_in(language).catalogue
    assert {message for message, said in catalogue.items() if fields_of(message) != fields_of(said)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_states_its_language_and_has_nothing_doubtful(language: Language):
    for part in (PACKAGE / "locales").glob(f"*{language}.po"):
        with part.open("rb") as file:
            catalogue = read_po(file)
        assert str(catalogue.locale) == language
        assert [entry.id for entry in catalogue if entry.id and entry.fuzzy] == []


def test_an_unknown_language_is_answered_in_japanese():
    assert [language_of(asked) for asked in ("en", "ja", "fr", "", None)] == ["en", "ja", "ja", "ja", "ja"]


def test_values_are_filled_in():
    assert words_in("ja").say("{counts} (of {seats} seats)", counts="空き 3", seats=40) == "空き 3（全40席）"
