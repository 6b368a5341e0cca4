"""The one error of every decoder: these bytes are not what the protocol says.

Responsible for the word a refused frame is counted under. Refuses to count (see ``logbook``).
"""

from __future__ import annotations


class FrameError(Exception):
    """A frame, telegram or reply cannot be understood.

    Attributes:
        reason: The word it is counted under in the agent's health, such as ``truncated``.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
