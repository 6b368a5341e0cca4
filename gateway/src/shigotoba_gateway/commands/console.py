"""The terminal: what was asked for goes to stdout, what is wrong to stderr, sentences in the terminal's language."""

from __future__ import annotations

import sys

from shigotoba_wire.spoken import complain, language, said

__all__ = ["ask", "complain", "inform", "say"]


def say(text: str) -> None:
    """A text for whoever asked, as it is."""
    print(text)


def inform(sentence: str) -> None:
    """A sentence for whoever asked, in the terminal's language."""
    print(said(sentence, language()))


def ask(what: str) -> str:
    """What is typed after ``what``, asked in the terminal's language; empty at the end of the input."""
    print(f"{said(what, language())}: ", end="", flush=True)
    return sys.stdin.readline()
