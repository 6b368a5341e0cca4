"""What others have published, as reference lines beside our own figure.

One line per organisation, of its newest value, with what it was compared with in its name: bases and scopes differ, so
a line is for orientation and never joined with ours. Responsible for these lines and for the sentence that says what
they are. Refuses to compute with them; all of them are in the table of published figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

from shigotoba_backend.reference.published import PublishedFigure
from shigotoba_dashboard.palette import GRAY_600
from shigotoba_dashboard.words import Words

#: Told apart without colour.
_DASHES: Final = ("dot", "dashdot", "longdash", "longdashdot")


def newest_of_each(published: Sequence[PublishedFigure], unit: str) -> list[PublishedFigure]:
    """The newest value of each organisation in that unit, in the order in which they appear; targets are none."""
    newest: dict[str, PublishedFigure] = {}
    for each in published:
        if each.role == "value" and each.unit == unit:
            known = newest.setdefault(each.organisation, each)
            newest[each.organisation] = max(known, each, key=lambda figure: _ends(figure.period))
    return list(newest.values())


def peer_lines(published: Sequence[PublishedFigure], unit: str, names: Sequence[str], words: Words) -> list[go.Scatter]:
    """A level line over all of ``names`` for each organisation; none for what is not told in per cent."""
    if unit != "%":
        return []
    return [
        go.Scatter(
            name=_name(each, words),
            x=list(names),
            y=[each.value] * len(names),
            mode="lines",
            line={"color": GRAY_600, "width": 1.5, "dash": _DASHES[number % len(_DASHES)]},
            hoverinfo="skip",
        )
        for number, each in enumerate(newest_of_each(published, unit))
    ]


def _name(figure: PublishedFigure, words: Words) -> str:
    facts = {"organisation": figure.organisation, "value": f"{figure.value:.1f}".replace("-", "−")}
    period = _period(figure.period, words)
    if not figure.base_period:
        return words.say("{organisation} {value}% ({period})", **facts, period=period)
    base = _period(figure.base_period, words)
    return words.say("{organisation} {value}% ({period}, against {base})", **facts, period=period, base=base)


def _period(text: str, words: Words) -> str:
    if found := re.fullmatch(r"FY(\d{4})", text):
        return words.say("fiscal {first}", first=found[1])
    if found := re.search(r"(\d{4})-(\d{2})$", text):
        return words.say("{month}/{year}", year=found[1], month=int(found[2]))
    return text


def _ends(period: str) -> tuple[int, int]:
    """Year and month with which a published period ends; the beginning of time for what names none."""
    if found := re.fullmatch(r"FY(\d{4})", period):
        return int(found[1]) + 1, 3
    found = re.search(r"(\d{4})-(\d{2})$", period)
    return (int(found[1]), int(found[2])) if found else (0, 0)
