"""What a figure is about: an organisation, a site, a part of one, its seats of a type, a device, a section.

Written as text, ``floor:honcho/3f``, so that tables, files and addresses name it alike. Responsible for that notation.
Refuses to know whether the thing exists (see ``places``).
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

ScopeKind = Literal["organisation", "site", "floor", "zone", "seat_type", "space", "device", "section"]

KINDS: Final[tuple[ScopeKind, ...]] = get_args(ScopeKind)
_BY_NAME: Final[dict[str, ScopeKind]] = {kind: kind for kind in KINDS}
_WHOLES: Final = {"organisation", "site"}
_LOOKS_LIKE: Final = "Write one as site:honcho, floor:honcho/3f or section:main/soumu."


class ScopeError(ValueError):
    """A text that names no scope; the message says what one looks like."""


class Scope(msgspec.Struct, frozen=True, order=True):
    """What a figure is about.

    Attributes:
        kind: Which kind of thing.
        code: Its code; of a part, the code of the site (of the organisation for a section), a slash, its own.
    """

    kind: ScopeKind
    code: str

    def __post_init__(self) -> None:
        """Refuses a code that has not as many parts as its kind.

        Raises:
            ScopeError: It has not.
        """
        parts = self.code.split("/")
        if self.kind not in KINDS or len(parts) != (1 if self.kind in _WHOLES else 2) or not all(parts):
            raise ScopeError(
                f"“{self}” names no scope. Write one as site:honcho, floor:honcho/3f or section:main/soumu."
            )

    def __str__(self) -> str:
        return f"{self.kind}:{self.code}"

    @classmethod
    def parse(cls, text: str) -> Scope:
        """The scope that ``text`` names.

        Raises:
            ScopeError: It names none.
        """
        told, _, code = text.partition(":")
        kind = _BY_NAME.get(told)
        if kind is None:
            raise ScopeError(f"“{text}” names no scope. {_LOOKS_LIKE}")
        return cls(kind, code)

    @property
    def whole(self) -> str:
        """The code of the organisation or site it is, or belongs to."""
        return self.code.partition("/")[0]

    @property
    def part(self) -> str:
        """Its own code within that; of a whole, the same."""
        return self.code.rpartition("/")[2]


def organisation(code: str) -> Scope:
    """A whole organisation."""
    return Scope("organisation", code)


def site(code: str) -> Scope:
    """A whole site."""
    return Scope("site", code)
