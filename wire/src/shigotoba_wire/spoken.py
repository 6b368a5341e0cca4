"""What a command line says to a person: in Japanese where the terminal is Japanese, else in English.

A sentence is its own English text, as the code that finds the trouble says it. The catalogue has the same sentence in
Japanese, values in braces: ``spoken_ja.toml`` what commands say, ``usage_ja.toml`` what their ``--help`` says. A
finished sentence is recognised by its words and said again with the same values. A sentence that is not in the
catalogue stays English, so nothing is ever hidden. Logs stay English.

Responsible for the language of errors, and for a parser whose help and refusals are in it. Refuses to invent texts.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, NoReturn

from shigotoba_wire.columns import folded

Language = Literal["ja", "en"]

VARIABLES: Final = ("SHIGOTOBA_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""The first that is set decides: ours, then as setlocale(3) does it."""

GIVEN_WRONGLY: Final = 2
"""The exit status of wrong arguments, as argparse has it."""

CATALOGUE: Final = ("spoken_ja.toml", "usage_ja.toml")

_PLACE: Final = re.compile(r"\{(\w+)\}")
_NESTED: Final = ("error", "wanted", "given", "state")
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
    if spoken == "en":
        return text
    if text in sentences() and not _PLACE.search(text):
        return sentences()[text]
    for known, japanese in _patterns():
        if found := known.fullmatch(text):
            values = found.groupdict()
            nested = {name: said(value, spoken) for name, value in values.items() if name in _NESTED}
            return japanese.format(**{**values, **nested})
    return text


def complain(problem: object) -> None:
    """What is wrong, as one line to the errors of this process."""
    sys.stderr.write(f"{said(problem, language())}\n")


def overview(usage: str, commands: Mapping[str, str]) -> str:
    """How a program is used and what each of its commands does, in the terminal's language."""
    spoken, widest = language(), max(map(len, commands))
    rows = [f"  {command:<{widest}}  {said(purpose, spoken)}" for command, purpose in commands.items()]
    return "\n".join([said(usage, spoken), *rows])


class _Help(argparse.HelpFormatter):
    """What argparse shows of a parser, each sentence and heading of it in the terminal's language."""

    def start_section(self, heading: str | None) -> None:
        super().start_section(heading and said(heading, language()))

    def add_text(self, text: str | None) -> None:
        super().add_text(text and said(text, language()))

    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, prefix or said("usage: ", language()))

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help and said(action.help, language())

    def _split_lines(self, text: str, width: int) -> list[str]:
        return folded(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(f"{indent}{line}" for line in folded(text, width - len(indent)))


class Parser(argparse.ArgumentParser):
    """A parser whose help, and what it says against wrong arguments, is in the terminal's language."""

    def __init__(self, **given: Any) -> None:
        super().__init__(formatter_class=_Help, **given)

    def error(self, message: str) -> NoReturn:
        """Shows how it is used and what is wrong, and ends the process."""
        self.print_usage(sys.stderr)
        self.exit(GIVEN_WRONGLY, f"{self.prog}: {said(message, language())}\n")


@cache
def sentences() -> Mapping[str, str]:
    """The catalogue: Japanese by English."""
    texts = (files("shigotoba_wire").joinpath(name).read_text(encoding="utf-8") for name in CATALOGUE)
    return {english: str(japanese) for text in texts for english, japanese in tomllib.loads(text).items()}


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences with values, in the order of trying.

    What passes another sentence on comes before that other one, which would take the place for a value of its own. Then
    those with most words of their own first: a sentence that is hardly more than a value would match everything.
    """
    valued = [each for each in sentences().items() if _PLACE.search(each[0])]
    ordered = sorted(valued, key=lambda each: (not each[0].endswith(_PASSED_ON), -_own(each[0])))
    return tuple((_pattern(english), japanese) for english, japanese in ordered)


def _own(english: str) -> int:
    return len(_PLACE.sub("", english))


def _pattern(english: str) -> re.Pattern[str]:
    words = _PLACE.split(english)
    parts = [f"(?P<{part}>.*?)" if number % 2 else re.escape(part) for number, part in enumerate(words)]
    return re.compile("".join(parts), re.DOTALL)
