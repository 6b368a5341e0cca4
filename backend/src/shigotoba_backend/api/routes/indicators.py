"""Indicators over HTTP: what there is, and values with everything that belongs beside them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Access, Db, Now, allowed
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import REASONS
from shigotoba_backend.exports.datasets import MOST_DAYS
from shigotoba_backend.exports.indicators import indicator_row, periods_of
from shigotoba_backend.exports.layouts import LAYOUTS
from shigotoba_backend.indicators.model import Basis
from shigotoba_backend.indicators.places import UnknownScopeError
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.indicators.scopes import Scope, ScopeError
from shigotoba_backend.indicators.values import BasisError, indicator_values
from shigotoba_backend.reference.published import PublishedFigure, in_japanese, reference_lines, sources
from shigotoba_backend.texts import message

router = APIRouter(prefix="/sites/{site}/indicators", tags=["indicators"])

REASONS["not_told_so"] = message("The indicator is not told so: {told}")
REASONS["no_such_place"] = message("“{scope}” is not a place of this site or its organisation.")

MaySee = Annotated[Access, Depends(allowed(Action.SEE_FIGURES))]
Key = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]


class IndicatorOffered(BaseModel):
    """An indicator with its definition."""

    key: str
    name: str
    name_en: str
    definition: str
    definition_en: str
    formula: str
    unit: str
    scopes: tuple[str, ...]
    bases: tuple[str, ...]
    direction: str
    decimals: int
    source: str
    small_cells: str = Field(
        description="Whose number decides whether a cell is too small to be told; none for nobody's"
    )
    measure: str
    of: str = Field(description="The indicator a change compares with its base year; empty otherwise")
    anchor: str = Field(description="The code of the metric dictionary, or whose usage, it follows")


class Wanted(BaseModel):
    """Which values."""

    basis: Basis
    first: date
    last: date
    scope: str = Field(default="", max_length=200, description="Such as floor:honcho/3f; the site itself if left out")


class Reference(BaseModel):
    """What others have published."""

    organisation: str
    period: str
    value: float
    unit: str
    base_period: str
    basis: str
    role: str
    note: str
    note_ja: str
    source: str
    source_title: str


@router.get("")
def offered(access: MaySee) -> list[IndicatorOffered]:
    """Every indicator."""
    del access
    names = IndicatorOffered.model_fields
    return [IndicatorOffered(**{name: getattr(each, name) for name in names}) for each in REGISTRY.values()]


@router.get("/{key}/values")
def values(conn: Db, now: Now, access: MaySee, key: Key, wanted: Annotated[Wanted, Query()]) -> list[dict[str, object]]:
    """Values for every period of the basis with a day in the time; columns as in the dataset ``indicators``."""
    _check_known(key)
    scope = _scope(access, key, wanted.scope)
    if not 0 <= (wanted.last - wanted.first).days < MOST_DAYS:
        raise ProblemError(422, "too_many_days", {"most": MOST_DAYS})
    periods = periods_of(wanted.basis, wanted.first, wanted.last)
    try:
        found = indicator_values(conn, key, scope, periods, wanted.basis, now)
    except BasisError as error:
        raise ProblemError(422, "not_told_so", {"told": str(error)}) from error
    except UnknownScopeError as error:
        raise ProblemError(404, "no_such_place", {"scope": str(scope)}) from error
    header = LAYOUTS["indicators"].header
    return [
        {name: str(cell) if name == "period" else cell for name, cell in zip(header, indicator_row(value), strict=True)}
        for value in found
    ]


@router.get("/{key}/references")
def references(access: MaySee, key: Key) -> list[Reference]:
    """What public bodies have published of it, each with its source."""
    del access
    _check_known(key)
    return [_reference(each) for each in reference_lines(key)]


def _reference(figure: PublishedFigure) -> Reference:
    same = ("organisation", "period", "value", "unit", "base_period", "basis", "role", "source")
    told = {name: getattr(figure, name) for name in same}
    note = figure.scope_or_note
    return Reference(**told, note=note, note_ja=in_japanese(note), source_title=sources()[figure.source].title)


def _check_known(key: str) -> None:
    if key not in REGISTRY:
        raise ProblemError(404, "no_such_indicator", {"indicator": key})


def _scope(access: Access, key: str, text: str) -> Scope:
    """The site, a part of it, or its organisation."""
    try:
        scope = Scope.parse(text) if text else Scope("site", access.site)
    except ScopeError as error:
        raise ProblemError(404, "no_such_place", {"scope": text}) from error
    whole = access.person.organisation if scope.kind in ("organisation", "section") else access.site
    if scope.whole != whole:
        raise ProblemError(404, "no_such_place", {"scope": text})
    if not access.person.sees(REGISTRY[key].seen_as(scope), access.site):
        raise ProblemError(403, "not_permitted", {"scope": text})
    return scope
