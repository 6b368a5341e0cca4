"""What a command line says to a person: in Japanese where the terminal is Japanese, else in English.

A sentence is its own English text, as the code that finds the trouble says it. The catalogue ``spoken_ja.toml`` has the
same sentence in Japanese, values in braces; a finished sentence is recognised by its words and said again with the same
values. A sentence that is not in the catalogue stays English, so nothing is ever hidden. Logs stay English.

Responsible for the language of errors, and for a parser whose refusals are said in it. Refuses to invent texts.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal, NoReturn

Language = Literal["ja", "en"]

VARIABLES: Final = ("SHIGOTOBA_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""The first that is set decides: ours, then as setlocale(3) does it."""

GIVEN_WRONGLY: Final = 2
"""The exit status of wrong arguments, as argparse has it."""

_PLACE: Final = re.compile(r"\{(\w+)\}")
_NESTED: Final = ("error", "wanted", "given")
"""The values of these names may be sentences, or words, of the catalogue themselves."""

_PASSED_ON: Final = "{error}"
"""Ends a sentence that says where another one belongs."""


def language(environment: Mapping[str, str] = os.environ) -> Language:
    """The terminal's language: Japanese where it says so, else English."""
    said = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    return "ja" if said.startswith("ja") else "en"


def said(sentence: object, spoken: Language) -> str:
    """``sentence`` in the language ``spoken``, or as it is where the catalogue does not have it."""
    text = str(sentence)
    for known, japanese in _catalogue() if spoken == "ja" else ():
        if found := known.fullmatch(text):
            values = found.groupdict()
            nested = {name: said(value, spoken) for name, value in values.items() if name in _NESTED}
            return japanese.format(**{**values, **nested})
    return text


def complain(problem: object) -> None:
    """What is wrong, as one line to the errors of this process."""
    sys.stderr.write(f"{said(problem, language())}\n")


class Parser(argparse.ArgumentParser):
    """A parser that says in the terminal's language what is wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        """Shows how it is used and what is wrong, and ends the process."""
        self.print_usage(sys.stderr)
        self.exit(GIVEN_WRONGLY, f"{self.prog}: {said(message, language())}\n")


def sentences() -> Mapping[str, str]:
    """The catalogue: Japanese by English."""
    text = files("shigotoba_wire").joinpath("spoken_ja.toml").read_text(encoding="utf-8")
    return {english: str(japanese) for english, japanese in tomllib.loads(text).items()}


@cache
def _catalogue() -> tuple[tuple[re.Pattern[str], str], ...]:
    """In the order of trying.

    What passes another sentence on comes before that other one, which would take the place for a value of its own. Then
    those with most words of their own first: a sentence that is hardly more than a value would match everything.
    """
    ordered = sorted(sentences().items(), key=lambda each: (not each[0].endswith(_PASSED_ON), -_own(each[0])))
    return tuple((_pattern(english), japanese) for english, japanese in ordered)


def _own(english: str) -> int:
    return len(_PLACE.sub("", english))


def _pattern(english: str) -> re.Pattern[str]:
    words = _PLACE.split(english)
    parts = [f"(?P<{part}>.*?)" if number % 2 else re.escape(part) for number, part in enumerate(words)]
    return re.compile("".join(parts), re.DOTALL)
