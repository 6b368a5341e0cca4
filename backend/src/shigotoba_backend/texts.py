"""What people read, in their language: one gettext catalogue per language in ``locales/``.

A message is its own English text, with values in braces. Mark one that is said later with ``message`` so that a test
finds it missing in a catalogue. Machine codes are not texts: they stay English identifiers.

Responsible for the catalogues and for filling in values. Refuses numbers and dates: those arrive written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, get_args

from babel.messages.pofile import read_po

from shigotoba_wire.spoken import said

Language = Literal["ja", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
FIRST_LANGUAGE: Final[Language] = "ja"


@dataclass(frozen=True)
class Texts:
    """One language's catalogue.

    Attributes:
        language: Code as in ``<html lang>``.
        catalogue: Translation by message.
    """

    language: Language
    catalogue: Mapping[str, str]

    def say(self, text: str, /, **values: str | int) -> str:
        """``text`` in this language, with ``values`` in its braces."""
        return self.catalogue.get(text, text).format(**values)


def message(text: str) -> str:
    """``text`` unchanged; marks a message that is said later."""
    return text


def retold(sentence: str, language: Language) -> str:
    """A sentence that a device said, in English, in ``language`` as far as the devices' catalogue has it."""
    return said(sentence, language)


def language_of(asked: str | None) -> Language:
    """The language asked for; Japanese for anything unknown."""
    return asked if asked in LANGUAGES else FIRST_LANGUAGE


@cache
def texts_in(language: Language) -> Texts:
    """The texts of ``language``: every catalogue of it in ``locales/``, read from the package once."""
    found: dict[str, str] = {}
    for entry in sorted(files("shigotoba_backend").joinpath("locales").iterdir(), key=lambda each: each.name):
        if entry.name.endswith(f".{language}.po"):
            with entry.open("rb") as file:
                catalogue = read_po(file, locale=language)
            found |= {str(each.id): str(each.string) for each in catalogue if each.id and each.string}
    return Texts(language, found)
