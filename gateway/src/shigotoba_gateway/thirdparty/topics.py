"""Topic patterns: MQTT's wildcards, and levels that are kept by name, such as ``zigbee2mqtt/{device}``.

Responsible for what to subscribe to and for reading the names out of a topic. Pure.
"""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class TopicPattern:
    """A pattern. ``{name}`` stands for one whole level and keeps it, ``+`` for one, a last ``#`` for all that follow.

    Attributes:
        filter: What to subscribe to.
        names: Of the levels that are kept.

    Raises:
        ValueError: The text is no pattern; says why.
    """

    def __init__(self, text: str) -> None:
        levels = text.split("/")
        self.names = tuple(found[1] for level in levels if (found := _NAME.fullmatch(level)))
        self.filter = "/".join("+" if _NAME.fullmatch(level) else level for level in levels)
        flaw = _flaw(levels) or ("a name is there twice" if len(set(self.names)) < len(self.names) else "")
        if flaw:
            raise ValueError(flaw)
        self._expression = re.compile(
            "/".join(_level(level) for level in levels).replace("/.*", "(/.*)?") + r"\Z", re.S
        )

    def read(self, topic: str) -> dict[str, str] | None:
        """The named levels of a topic; None if it does not follow the pattern."""
        found = self._expression.match(topic)
        return found.groupdict() if found else None


def _level(level: str) -> str:
    named = _NAME.fullmatch(level)
    if named:
        return f"(?P<{named[1]}>[^/]+)"
    return {"+": "[^/]+", "#": ".*"}.get(level, re.escape(level))


def _flaw(levels: list[str]) -> str:
    if not all(levels):
        return "a level is empty"
    if levels[0] in ("+", "#") or _NAME.fullmatch(levels[0]):
        return "the first level must be said: everything on the broker is too much"
    for at, level in enumerate(levels):
        if level == "#" and at < len(levels) - 1:
            return "# may only come last"
        if level not in ("+", "#") and not _NAME.fullmatch(level) and set(level) & set("+#{}"):
            return f"{level!r}: a wildcard or {{name}} must be a whole level"
    return ""
