"""Whatever is written into the audit log has words on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import shigotoba_backend
from shigotoba_dashboard.pages.audit.deeds import action_name, topic_name
from shigotoba_dashboard.words import LANGUAGES, Language, words_in

PACKAGE = Path(shigotoba_backend.__file__).parent
WRITTEN = re.compile(r"""\b(?:Deed|_note|_deed)\(\s*(?:\w+,\s*)?"(\w+\.\w+)\"""")
"""The deed itself, or a module's own function that makes one."""
PUT_TOGETHER = re.compile(r"""\bDeed\(\s*(f"[^"]*"|\w+)""")
"""Where the action is not to be read off: by the ``_note`` and ``_deed`` above, and what a command decides."""
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
