"""Where in a TOML file a value stands, so that a refusal can name the line.

``tomllib`` says what a file means and not where; this reads the same text again for keys and brackets alone.

Responsible for the line of ``a.b``, ``a[2].b`` and ``a."54:48"``, in files that ``tomllib`` has read. Refuses nothing:
for what is not there it names the line of what would hold it.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import Final, NamedTuple

Steps = tuple[str | int, ...]

_TOKEN: Final = re.compile(
    r"""(?P<blank>[ \t\r]+|\#[^\n]*)
    |(?P<text>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    |(?P<mark>[\n\[\]{}=,])
    |(?P<bare>[^\s\#"'\[\]{}=,]+)""",
    re.VERBOSE | re.DOTALL,
)
_STEP: Final = re.compile(r'"(?P<text>[^"]*)"|\[(?P<index>\d+)\]|(?P<bare>[\w-]+)')
_BARE: Final = re.compile(r"[\w-]+")
_ENDS_A_VALUE: Final = {"\n", ",", "]", "}"}


def line_of(text: str, key: str) -> int:
    """The number, from 1, of the line on which ``key``, such as ``fault[2].share``, stands; 1 if nowhere."""
    lines, steps = _Walk(text).lines, steps_of(key)
    while steps and steps not in lines:
        steps = steps[:-1]
    return lines.get(steps, 1)


def joined(key: str, step: str) -> str:
    """``step`` below ``key``, as TOML writes it."""
    written = step if _BARE.fullmatch(step) else f'"{step}"'
    return f"{key}.{written}".lstrip(".")


def steps_of(key: str) -> Steps:
    """``fault[2].share`` as ``("fault", 2, "share")``."""
    return tuple(int(step["index"]) if step["index"] else step["text"] or step["bare"] for step in _STEP.finditer(key))


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for found in _TOKEN.finditer(text):
        if found.lastgroup != "blank":
            yield _Token(found.lastgroup or "", found[0], line)
        line += found[0].count("\n")


class _Walk:
    """Through a file from its first line to its last.

    Attributes:
        lines: The line of every table, key and element.
    """

    def __init__(self, text: str) -> None:
        self.lines: dict[Steps, int] = {}
        self._tokens = deque(_tokens(text))
        self._repeated: Counter[Steps] = Counter()
        table: Steps = ()
        while self._tokens:
            match self._tokens[0].text:
                case "\n":
                    self._tokens.popleft()
                case "[":
                    table = self._header()
                case _:
                    self._pair(table)

    def _header(self) -> Steps:
        line, depth = self._tokens[0].line, self._drop("[")
        *outer, last = self._key("]")
        self._drop("]")
        steps: Steps = ()
        for part in outer:
            steps = self._newest((*steps, part))
        steps = (*steps, last)
        self._repeated.update([steps] * (depth - 1))
        return self._note(self._newest(steps), line)

    def _newest(self, steps: Steps) -> Steps:
        """The table itself, or the last of those that share its name."""
        return (*steps, self._repeated[steps] - 1) if steps in self._repeated else steps

    def _pair(self, table: Steps) -> None:
        line = self._tokens[0].line
        steps = (*table, *self._key("="))
        self._drop("=")
        self._value(self._note(steps, line))

    def _value(self, steps: Steps) -> None:
        match self._tokens.popleft().text:
            case "[":
                self._elements(steps)
            case "{":
                while self._within("}"):
                    self._pair(steps)
            case _:
                # A date and its time are two words.
                while self._tokens and self._tokens[0].text not in _ENDS_A_VALUE:
                    self._tokens.popleft()

    def _elements(self, steps: Steps) -> None:
        number = 0
        while self._within("]"):
            self._value(self._note((*steps, number), self._tokens[0].line))
            number += 1

    def _within(self, end: str) -> bool:
        """Whether something is to come before ``end``; goes past line ends, commas and ``end`` itself."""
        while self._tokens and self._tokens[0].text in ("\n", ","):
            self._tokens.popleft()
        return not self._drop(end, most=1)

    def _key(self, end: str) -> list[str]:
        parts: list[str] = []
        while self._tokens[0].text != end:
            token = self._tokens.popleft()
            parts += [token.text[1:-1]] if token.kind == "text" else filter(None, token.text.split("."))
        return parts

    def _drop(self, mark: str, most: int = 2) -> int:
        dropped = 0
        while dropped < most and self._tokens and self._tokens[0].text == mark:
            self._tokens.popleft()
            dropped += 1
        return dropped

    def _note(self, steps: Steps, line: int) -> Steps:
        for depth in range(1, len(steps) + 1):
            self.lines.setdefault(steps[:depth], line)
        return steps
