"""The terminal: what was asked for goes to stdout, what is wrong to stderr."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """A line for whoever asked."""
    print(text)


def ask(what: str) -> str:
    """What is typed after ``what``; empty at the end of the input."""
    print(f"{what}: ", end="", flush=True)
    return sys.stdin.readline()


def complain(problem: object) -> None:
    """What is wrong, as one line."""
    print(problem, file=sys.stderr)
