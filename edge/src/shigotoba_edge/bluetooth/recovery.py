"""What to do about a radio that does not hear: start the scan again, then switch the adapter off and on.

Some states end only with the adapter switched off: a StartDiscovery that is in progress for ever, a controller that
stopped reporting (research/edge.md section 9, failures 1 to 5). Switching disturbs other users of the adapter, so it
comes second and rarely.

Responsible for which step is due. Refuses to take it (see ``radio``).
"""

from __future__ import annotations

from typing import Final

RESTARTS_FIRST: Final = 2
"""Failures in a row, with nothing heard between them, after which the adapter is switched off and on."""

FIRST_PAUSE_S: Final = 300.0
LONGEST_PAUSE_S: Final = 3_600.0
"""Between two switchings; a building where really nobody advertises must not have its adapter switched all night."""


class Recovery:
    """The failures of one radio in a row."""

    def __init__(self) -> None:
        self._failures = 0
        self._switched = 0
        self._due_s = 0.0

    def heard(self) -> None:
        """The radio works."""
        self._failures = self._switched = 0
        self._due_s = 0.0

    def failed(self) -> None:
        """An adapter that is there could not be listened with, or has gone deaf."""
        self._failures += 1

    def switch_now(self, now_s: float) -> bool:
        """Whether to switch the adapter off and on before the next start; if so, it counts as done."""
        if self._failures < RESTARTS_FIRST or now_s < self._due_s:
            return False
        self._due_s = now_s + min(FIRST_PAUSE_S * 2**self._switched, LONGEST_PAUSE_S)
        self._switched += 1
        return True

    def advice(self) -> str:
        """What a person should know beside the failure; empty while our own steps may still help."""
        if not self._switched:
            return ""
        return " The adapter has been switched off and on; if that does not help, switch the machine off and on."
