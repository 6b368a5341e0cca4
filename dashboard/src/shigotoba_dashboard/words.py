"""What the screen says, in the reader's language.

Responsible for the gettext catalogues in ``locales/`` and for filling in values. Refuses numbers and dates: those
arrive written (see ``formats``). A message is its own English text; a message without a translation appears as it
stands, and a test finds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, get_args

from babel.messages.pofile import read_po

Language = Literal["ja", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
FIRST_LANGUAGE: Final[Language] = "ja"


@dataclass(frozen=True)
class Words:
    """One language's catalogue.

    Attributes:
        language: Code as in the address and in ``<html lang>``.
        catalogue: Translation by message.
    """

    language: Language
    catalogue: Mapping[str, str]

    def say(self, message: str, /, **values: str | int) -> str:
        """``message`` in this language, with ``values`` in its braces."""
        return self.catalogue.get(message, message).format(**values)


def message(text: str) -> str:
    """``text`` unchanged; marks a message that is said later, so that the catalogues are checked for it."""
    return text


def language_of(asked: str | None) -> Language:
    """The language an address asks for; Japanese for anything unknown."""
    return asked if asked in LANGUAGES else FIRST_LANGUAGE


@cache
def words_in(language: Language) -> Words:
    """The words of ``language``: its catalogue, in parts by topic, read from the package once."""
    said: dict[str, str] = {}
    for part in sorted(files("shigotoba_dashboard").joinpath("locales").iterdir(), key=lambda each: each.name):
        if part.name == f"{language}.po" or part.name.endswith(f".{language}.po"):
            with part.open("rb") as file:
                catalogue = read_po(file, locale=language)
            said |= {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}
    return Words(language, said)
