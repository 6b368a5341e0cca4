"""How a space's state is shown: symbol, word and shape, so that no state hangs on colour alone.

Responsible for the three states of a space. Refuses the rule behind them (a silent sensor makes "unknown"): the read
side knows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from dash import html
from dash.development.base_component import Component

from shigotoba_backend.read.now import SpaceNow
from shigotoba_dashboard.parts import aria
from shigotoba_dashboard.words import Words, message

State = Literal["occupied", "vacant", "unknown"]

STATES: Final[tuple[State, ...]] = ("occupied", "vacant", "unknown")
_SYMBOLS: Final[dict[State, str]] = {"occupied": "●", "vacant": "○", "unknown": "?"}
_WORDS: Final[dict[State, str]] = {
    "occupied": message("In use"),
    "vacant": message("Free"),
    "unknown": message("Unknown"),
}


def word(state: State, words: Words) -> str:
    """The state in the reader's language."""
    return words.say(_WORDS[state])


def symbol_and_word(state: State, words: Words) -> str:
    """``● 使用中``."""
    return f"{_SYMBOLS[state]} {word(state, words)}"


def number_in(spaces: Iterable[SpaceNow], state: State) -> int:
    """How many of ``spaces`` are in ``state``."""
    return sum(1 for space in spaces if space.state == state)


def counts(spaces: Iterable[SpaceNow], words: Words) -> str:
    """``使用中 12 / 空き 26 / 不明 2``."""
    kept = tuple(spaces)
    return " / ".join(f"{word(state, words)} {number_in(kept, state)}" for state in STATES)


def badge(state: State, words: Words) -> Component:
    """The state as a small sign; the shape is in the style sheet."""
    return html.Span(
        [html.Span(_SYMBOLS[state], className="symbol", **aria(hidden="true")), html.Span(word(state, words))],
        className=f"badge {state}",
    )
