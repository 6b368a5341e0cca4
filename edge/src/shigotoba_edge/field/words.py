"""What the electrician's commands say, in the language of the person who does it.

Responsible for finding the words. Refuses to mix languages: every catalogue has every word.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from shigotoba_wire.spoken import said

LANGUAGES: Final = ("en", "ja")


Words = Mapping[str, str]
"""The words of one language, by key; the word ``language`` says which."""


def words(language: str) -> Words:
    """The words of a language, by key; braces hold the places of values."""
    text = files(__package__ or "").joinpath(f"words_{language}.toml").read_text(encoding="utf-8")
    return {key: str(word) for key, word in tomllib.loads(text).items()}


def retold(spoken: Words, sentence: object) -> str:
    """A sentence from elsewhere, such as why something failed, in the language of ``spoken`` as far as it is known."""
    return said(sentence, "ja" if spoken["language"] == "ja" else "en")
