"""What kinds of devices and their states are called. Responsible for these words alone."""

from __future__ import annotations

from typing import Final

from shigotoba_dashboard.words import Words, message

_KINDS: Final = {
    "seat_sensor": message("Seat sensor"),
    "booth_sensor": message("Booth sensor"),
    "booth_button": message("Booth button"),
    "mfp": message("Printer"),
}
_STATES: Final = {
    "never": message("× Never heard"),
    "stale": message("▲ Silent"),
    "alive": message("○ Heard"),
}


def kind_word(kind: str, words: Words) -> str:
    """The kind in the reader's language."""
    return words.say(_KINDS.get(kind, kind))


def state_word(state: str, words: Words) -> str:
    """The state with its sign."""
    return words.say(_STATES.get(state, state))
