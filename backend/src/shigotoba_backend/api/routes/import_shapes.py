"""What the routes of imports take and show: bodies, bounds, and what is kept in the shape of an answer.

Responsible for shapes. Refuses to read figures (see ``imports.desk``) and to know HTTP.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import UploadFile
from pydantic import BaseModel, Field

from shigotoba_backend.imports.desk import Understood
from shigotoba_backend.imports.held import Held
from shigotoba_backend.imports.periods import named
from shigotoba_backend.imports.preview import Change
from shigotoba_backend.texts import Texts


class SeriesOffered(BaseModel):
    """A series that can be brought."""

    key: str
    name: str
    name_en: str
    definition: str
    definition_en: str
    kind: str
    unit: str
    special_factors: bool
    headings: tuple[str, ...]


class ProblemFound(BaseModel):
    """What is wrong with a cell."""

    row: int
    column: str
    message: str


class Figure(BaseModel):
    """A figure as it is kept; percentages as per cent, None for unknown."""

    period: str
    value: float | None
    denominator: float | None
    excluded: float | None
    excluded_reason: str
    estimate: bool
    bound: str
    written: str
    note: str
    source: str


class FigureHeld(Figure):
    """A figure with where it comes from and what it corrects."""

    figure_id: int
    corrects: int | None
    reason: str
    recorded_at: datetime
    recorded_by: int | None
    file_name: str


class ChangeShown(BaseModel):
    """What would happen to one period."""

    kind: str
    row: int
    period_name: str
    figure: Figure
    before: FigureHeld | None
    slip: bool


class Shown(BaseModel):
    """What keeping would change. Send ``token`` along to keep exactly this."""

    token: str
    form: str
    new: int
    corrected: int
    changes: list[ChangeShown]
    problems: list[ProblemFound]
    blank: list[str]


class KeptFigures(BaseModel):
    """What was kept."""

    new: int
    corrected: int
    same: int


class FigureBrought(BaseModel):
    """A figure as a program or a form brings it, written as people write it."""

    period: str = Field(max_length=100)
    value: str = Field(default="", max_length=100)
    numerator: str = Field(default="", max_length=100)
    denominator: str = Field(default="", max_length=100)
    excluded: str = Field(default="", max_length=100)
    excluded_reason: str = Field(default="", max_length=500)
    estimate: str = Field(default="", max_length=20)
    note: str = Field(default="", max_length=500)
    source: str = Field(default="", max_length=200)


class FiguresBrought(BaseModel):
    """Figures without a file. Without ``token`` nothing is kept and the answer says what would change."""

    figures: list[FigureBrought] = Field(min_length=1, max_length=1000)
    source: str = Field(min_length=1, max_length=200)
    scope: str = Field(default="", max_length=200)
    token: str = Field(default="", max_length=64)
    reason: str = Field(default="", max_length=500)


class FileBrought(BaseModel):
    """A file: CSV in UTF-8 or CP932, or an Excel workbook. Without ``token`` nothing is kept."""

    file: UploadFile
    source: str = Field(min_length=1, max_length=200)
    scope: str = Field(default="", max_length=200)
    headings: str = Field(default="{}", max_length=2000, description='JSON such as {"value": "購入枚数"}')
    token: str = Field(default="", max_length=64)
    reason: str = Field(default="", max_length=500)


def shown_of(understood: Understood, texts: Texts) -> Shown:
    """A preview for a program, with what is wrong in words."""
    shown = understood.preview
    return Shown(
        token=shown.token,
        form=understood.form,
        new=shown.news,
        corrected=shown.corrections,
        changes=[_change(each) for each in shown.changes],
        problems=[
            ProblemFound(row=each.row, column=each.column, message=each.said(texts)) for each in understood.problems
        ],
        blank=[str(period) for period in understood.blank],
    )


def held_of(figure: Held) -> FigureHeld:
    """A figure that is kept, for a program."""
    more = ("figure_id", "corrects", "reason", "recorded_at", "recorded_by", "file_name", "period")
    return FigureHeld(**_figure(figure), **{name: getattr(figure, name) for name in more})


def _change(change: Change) -> ChangeShown:
    return ChangeShown(
        kind=change.kind,
        row=change.entry.row,
        period_name=named(change.entry.period),
        figure=Figure(**_figure(change.entry), period=str(change.entry.period)),
        before=None if change.before is None else held_of(change.before),
        slip=change.slip,
    )


def _figure(figure: Any) -> dict[str, Any]:
    same = ("denominator", "excluded", "excluded_reason", "estimate", "bound", "written", "note", "source")
    return {"value": figure.numerator} | {name: getattr(figure, name) for name in same}
