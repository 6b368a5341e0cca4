"""Where the rows stand that a number was made of.

A brought figure leads to its rows with their source, a counted or measured one to the page of its month, whose tables
lead on to places, devices and readings. Responsible for these addresses. Refuses to know what those pages show.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from shigotoba_backend.imports.catalogue import series_of
from shigotoba_backend.indicators.model import Indicator, IndicatorValue
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.periods import month_of

_DAY: Final = timedelta(days=1)
#: Where a page lists the places that its figures add up.
_LISTS: Final = {"booths": "each", "seats": "types"}


def rows_behind(path: str, entry: Indicator, value: IndicatorValue, filters: Filters) -> str:
    """The address for ``value``; ``path`` is the page on which counted and measured figures stand."""
    last, key = value.period.beyond - _DAY, entry.of or entry.key
    if entry.source == "import":
        series, _excluding = series_of(key)
        rows = f"{value.period.first}..{last}"
        return filters.address(
            "data", series=series.key, scope=str(value.scope), rows=rows, figure=None, base=None, basis=None
        )
    month = replace(filters, period=month_of(last))
    return month.address(path, figure=key) if path == "paper" else f"{month.address(path)}#{_LISTS[path]}"
