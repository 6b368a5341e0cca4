"""Whatever is written into the audit log has words on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import shigotoba_backend
from shigotoba_dashboard.pages.audit.deeds import action_name, object_name, topic_name
from shigotoba_dashboard.words import LANGUAGES, Language, words_in

PACKAGE = Path(shigotoba_backend.__file__).parent
WRITTEN = re.compile(r"""\b(?:Deed|_note|_deed)\(\s*(?:\w+,\s*)?"(\w+\.\w+)\"""")
"""The deed itself, or a module's own function that makes one."""
PUT_TOGETHER = re.compile(r"""\bDeed\(\s*(f"[^"]*"|\w+)""")
"""Where the action is not to be read off: by the ``_note`` and ``_deed`` above, and what is decided about a rise."""
DONE_TO = re.compile(r"""\b(?:Deed|_note|_deed)\(\s*(?:\w+,\s*)?(?:"[\w.]+"|f"[^"]*"|\w+),\s*f?"([a-z_]+)[:"]""")
"""What it was done to, where that is written beside the deed."""
DECIDED = {"counter.release", "counter.refuse"}


def found(pattern: re.Pattern[str]) -> set[str]:
    return {text for file in PACKAGE.rglob("*.py") for text in pattern.findall(file.read_text(encoding="utf-8"))}


ACTIONS = sorted(found(WRITTEN) | DECIDED)


def test_the_actions_are_found_where_they_are_written() -> None:
    assert {"role.grant", "policy.set", "base_year.publish", "strike.decide", "person.reopen"} <= set(ACTIONS)
    assert found(PUT_TOGETHER) == {"action", 'f"counter.{decision}"'}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_that_is_written_has_words_and_so_has_its_topic(language: Language) -> None:
    words = words_in(language)
    assert [action for action in ACTIONS if action_name(action, words) == action] == []
    assert [topic for topic in {each.split(".")[0] for each in ACTIONS} if topic_name(topic, words) == topic] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_thing_it_is_done_to_has_words(language: Language) -> None:
    words, kinds = words_in(language), found(DONE_TO) | {"person", "table"}
    assert {"booth", "dataset", "gateway", "site", "webhook"} <= kinds
    assert [kind for kind in sorted(kinds) if object_name(f"{kind}:4", words) == f"{kind}:4"] == []


def test_a_person_who_was_given_a_role_is_a_number_with_a_word_and_what_is_unknown_stays_as_it_is() -> None:
    assert [object_name("person:4", words_in(language)) for language in ("ja", "en")] == ["職員 4", "person 4"]
    assert object_name("person:unknown", words_in("en")) == "nobody known"
    assert object_name("lamp:4", words_in("ja")) == "lamp:4"
