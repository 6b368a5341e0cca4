"""What the drivers of one agent share: a Bluetooth adapter is one radio, however many protocols are heard with it.

Responsible for making each shared thing once. Refuses to know what is shared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Shared = TypeVar("Shared")


class Commons:
    """Shared things by their type."""

    def __init__(self) -> None:
        self._things: dict[type, object] = {}

    def the(self, kind: type[Shared], make: Callable[[], Shared]) -> Shared:
        """The agent's one ``kind``; the first who asks has it made."""
        thing = self._things.get(kind)
        if not isinstance(thing, kind):
            thing = self._things[kind] = make()
        return thing
