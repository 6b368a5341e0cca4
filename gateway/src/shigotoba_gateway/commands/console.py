"""The terminal: what was asked for goes to stdout, what is wrong to stderr."""

from __future__ import annotations

import sys

from shigotoba_wire.spoken import complain

__all__ = ["ask", "complain", "say"]


def say(text: str) -> None:
    """A line for whoever asked."""
    print(text)


def ask(what: str) -> str:
    """What is typed after ``what``; empty at the end of the input."""
    print(f"{what}: ", end="", flush=True)
    return sys.stdin.readline()
