"""What can be wrong with an identity, in words for whoever stands before the device."""

from __future__ import annotations

from shigotoba_wire.errors import WireError


class IdentityError(WireError):
    """The identity cannot be had, used or renewed; the message says why and what to do."""


class RefusedError(IdentityError):
    """The platform said no.

    Attributes:
        code: Its reason, for programs.
    """

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
