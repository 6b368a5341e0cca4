"""The examples as files: tables as CSV, the programme and the batch from templates with the years of this demo.

The backend takes them in as it takes in anybody's (``python -m shigotoba_backend import batch``). Responsible for
writing them. Refuses to know what the figures are.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from string import Template
from typing import Final

from shigotoba_standalone.demo.examples.curves import STEP_YEARS_BEFORE, YEARS_BEFORE, Row, fiscal_year_of, tables

BATCH: Final = "batch.toml"
_TEMPLATES: Final = ("programme.toml", BATCH)
_REFIT_BEFORE: Final = timedelta(days=10)
"""So lately was a floor refitted that nothing can be said of it yet."""


def write_examples(folder: Path, birthday: date, site: str) -> Path:
    """Writes everything into ``folder``, once: a demo that continues keeps its own. The file that names the others."""
    if folder.joinpath(BATCH).exists():
        return folder / BATCH
    folder.mkdir(parents=True, exist_ok=True)
    for table in tables(birthday):
        folder.joinpath(f"{table.name}.csv").write_text(_csv(table.rows), encoding="utf-8")
    for name in _TEMPLATES:
        template = resources.files("shigotoba_standalone.demo.examples").joinpath(name).read_text(encoding="utf-8")
        folder.joinpath(name).write_text(Template(template).substitute(_years(birthday, site)), encoding="utf-8")
    return folder / BATCH


def _csv(rows: tuple[Row, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _years(birthday: date, site: str) -> dict[str, str]:
    year = fiscal_year_of(birthday)
    return {
        "site": site,
        "base": str(year - YEARS_BEFORE),
        "step": str(year - STEP_YEARS_BEFORE),
        "last": str(year - 1),
        "year": str(year),
        "next": str(year + 1),
        "goal": str(year + 2),
        "refit": (birthday - _REFIT_BEFORE).isoformat(),
    }
