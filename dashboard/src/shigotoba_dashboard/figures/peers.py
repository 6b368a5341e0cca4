"""What others have published, as reference lines beside our own figure.

One line per organisation, of its newest value, with its basis and what it was compared with in its name: bases and
scopes differ (a single month is no fiscal year), so a line is for orientation and never joined with ours. Responsible
for these lines and for what a published period is called. Refuses to compute with them; all of them are in the table of
published figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

from shigotoba_backend.indicators.periods import Period, PeriodError
from shigotoba_backend.reference.published import PublishedFigure, in_japanese
from shigotoba_dashboard import told
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
            newest[each.organisation] = max(known, each, key=_newness)
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
    facts = {
        "organisation": figure.organisation,
        "value": f"{figure.value:.1f}".replace("-", "−"),
        "period": period_published(figure.period, words),
        "basis": told.basis_name(figure.basis, words),
    }
    if not figure.base_period:
        return words.say("{organisation} {value}% ({period}, {basis})", **facts)
    base = period_published(figure.base_period, words)
    return words.say("{organisation} {value}% ({period}, {basis}, against {base})", **facts, base=base)


def period_published(text: str, words: Words) -> str:
    """A published period as people call it; one that is no month and no fiscal year in its own words."""
    try:
        period = Period.parse(text)
    except PeriodError:
        period = None
    if period is not None and period.kind == "fiscal_year":
        return words.say("fiscal {first}", first=str(period.fiscal_year))
    if period is not None and period.kind in ("month", "fiscal_year_to_date"):
        return told.when(period, words)
    return in_japanese(text) if words.language == "ja" else text


def _newness(figure: PublishedFigure) -> tuple[int, int, bool]:
    """When it ends; of two that end together, one whose basis is known is better."""
    return *_ends(figure.period), figure.basis != "as_published"


def _ends(period: str) -> tuple[int, int]:
    """Year and month with which a published period ends; the beginning of time for what names none."""
    if found := re.fullmatch(r"FY(\d{4})", period):
        return int(found[1]) + 1, 3
    found = re.search(r"(\d{4})-(\d{2})$", period)
    return (int(found[1]), int(found[2])) if found else (0, 0)
