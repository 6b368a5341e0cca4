"""The report as a page for the screen and for printing: no script, nothing to load.

Responsible for filling the template.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from shigotoba_backend.report.bars import HEIGHT, WIDTH, bars, slots
from shigotoba_backend.report.gathering import Report

_PACKAGE: Final = "shigotoba_backend.report"


@cache
def _template() -> Template:
    loader = PackageLoader(_PACKAGE)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("monthly.html")


def page(report: Report) -> str:
    """HTML."""
    drawn = report.chart
    return _template().render(
        report=report,
        bars=list(bars(drawn)) if drawn else [],
        slots=list(slots(drawn)) if drawn else [],
        width=WIDTH,
        height=HEIGHT,
    )
