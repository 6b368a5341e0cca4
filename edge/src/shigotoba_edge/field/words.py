"""What the commissioning says, in the language of the person who does it.

Responsible for finding the words. Refuses to mix languages: every catalogue has every word.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("en", "ja")


def words(language: str) -> dict[str, str]:
    """The words of a language, by key; braces hold the places of values."""
    text = files(__package__ or "").joinpath(f"words_{language}.toml").read_text(encoding="utf-8")
    return {key: str(word) for key, word in tomllib.loads(text).items()}
