"""An export made: rows into a file, and a line in the audit log.

Responsible for limits and for the log. Refuses to decide who may (see ``api.routes.exports``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
import psycopg

from shigotoba_backend.accounts.audit import Actor, Deed, record
from shigotoba_backend.exports.datasets import DATASETS, Asked
from shigotoba_backend.exports.dictionary import (
    CODES,
    COLUMNS,
    FACTS,
    Facts,
    Layout,
    code_rows,
    column_rows,
    fact_rows,
)
from shigotoba_backend.exports.formats import Form, Made, write

PARTS: Final = ("columns", "codes", "facts")
"""The tables of a dictionary."""


class TooLongError(Exception):
    """More days are asked for than one file should hold; ``most`` says how many it may."""

    def __init__(self, most: int) -> None:
        super().__init__(f"One export covers at most {most} days. Ask for a shorter time.")
        self.most = most


class Export(msgspec.Struct, frozen=True):
    """A file that was made."""

    path: Path
    name: str
    made: Made
    layout: Layout
    facts: Facts


def export(conn: psycopg.Connection, dataset: str, form: Form, asked: Asked, actor: Actor, directory: Path) -> Export:
    """Writes a dataset into ``directory`` and notes it in the audit log.

    Raises:
        TooLongError: Too many days are asked for.
        TooManyRowsError: The format cannot hold the rows.
    """
    chosen = DATASETS[dataset]
    if (asked.last - asked.first).days >= chosen.most_days:
        raise TooLongError(chosen.most_days)
    path = directory / dataset
    made = write(form, path, chosen.layout, chosen.rows(conn, asked))
    told = {"form": form, "first": asked.first.isoformat(), "last": asked.last.isoformat(), "rows": made.rows}
    record(conn, actor, Deed("export.download", f"dataset:{dataset}", asked.site, after=told))
    name = f"{dataset}_{asked.site}_{asked.first:%Y%m%d}_{asked.last:%Y%m%d}{made.suffix}"
    return Export(path, name, made, chosen.layout, facts_of(asked, made))


def facts_of(asked: Asked, made: Made) -> Facts:
    """What holds for a file."""
    days = f"{asked.first.isoformat()}/{asked.last.isoformat()}"
    return Facts(asked.organisation, asked.now, made.encoding, made.bom, days)


def dictionary(part: str, form: Form, layout: Layout, facts: Facts, path: Path) -> Made:
    """Writes one table of the dictionary of a dataset."""
    tables = {
        "columns": (COLUMNS, column_rows(layout)),
        "codes": (CODES, code_rows(layout)),
        "facts": (FACTS, fact_rows(layout, facts)),
    }
    return write(form, path, *tables[part])
