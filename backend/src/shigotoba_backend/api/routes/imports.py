"""Figures that people bring to a site: what there is, forms to fill in, a preview, keeping, history.

Responsible for HTTP. Refuses to read figures (see ``imports.desk``); what is taken and shown is in ``import_shapes``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, cast
from zoneinfo import ZoneInfo

import psycopg
from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response

from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Access, Db, Now, allowed
from shigotoba_backend.api.languages import texts_for
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.api.reasons import REASONS
from shigotoba_backend.api.routes.import_shapes import (
    FigureHeld,
    FiguresBrought,
    FileBrought,
    KeptFigures,
    SeriesOffered,
    Shown,
    held_of,
    shown_of,
)
from shigotoba_backend.imports import desk
from shigotoba_backend.imports.catalogue import SERIES, Series, UnknownSeriesError, series
from shigotoba_backend.imports.columns import MEANINGS, Meaning
from shigotoba_backend.imports.complaints import ComplaintError
from shigotoba_backend.imports.few import told_to_all
from shigotoba_backend.imports.held import Held, held_figures, history_of
from shigotoba_backend.imports.keeping import (
    CHANGED_MEANWHILE,
    REASON_WANTED,
    ChangedMeanwhileError,
    Origin,
    ReasonWantedError,
    keep,
)
from shigotoba_backend.imports.sheets import MOST_BYTES
from shigotoba_backend.indicators.scopes import Scope, ScopeError
from shigotoba_backend.texts import message

router = APIRouter(prefix="/sites/{site}/imports", tags=["imports"])

_TODAY_IN: Final = ZoneInfo("Asia/Tokyo")

REASONS["no_such_series"] = message("There is no series “{series}”.")
REASONS["no_such_scope"] = message("“{scope}” is not this site or a part of its organisation.")
REASONS["unreadable"] = message("The file cannot be taken: {complaint}")
REASONS["figures_have_problems"] = message(
    "{problems} cells cannot be taken. Nothing was kept; mend them and try again."
)
REASONS["changed_meanwhile"] = CHANGED_MEANWHILE
REASONS["reason_wanted"] = REASON_WANTED

FileForm = Annotated[FileBrought, Form(media_type="multipart/form-data")]
MayImport = Annotated[Access, Depends(allowed(Action.IMPORT_FIGURES))]
MaySee = Annotated[Access, Depends(allowed(Action.SEE_FIGURES))]
SeriesKey = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]
ScopeText = Annotated[str, Query(max_length=200, description="Such as organisation:main; the site itself if left out")]


@router.get("")
def offered(access: MaySee) -> list[SeriesOffered]:
    """Every series that can be brought, in the order people are offered them."""
    del access
    return [
        SeriesOffered(
            **{name: getattr(each, name) for name in ("key", "name", "name_en", "definition", "definition_en")},
            kind=each.kind,
            unit=each.unit,
            special_factors=each.special,
            headings=each.columns,
        )
        for each in SERIES.values()
    ]


@router.get("/{key}/form.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def form(access: MaySee, key: SeriesKey) -> Response:
    """A CSV file to fill in, in UTF-8 with BOM so that Excel opens it as it is."""
    del access
    headers = {"Content-Disposition": f'attachment; filename="{key}.csv"'}
    return Response(desk.blank_form(_series(key)).encode("utf-8-sig"), media_type="text/csv", headers=headers)


@router.get("/{key}/figures")
def held(conn: Db, access: MaySee, key: SeriesKey, scope: ScopeText = "") -> list[FigureHeld]:
    """What holds now; of few people only to who may bring figures."""
    about = _scope(access, scope)
    return _shown(conn, access, key, about, held_figures(conn, _series(key).key, about))


@router.get("/{key}/history")
def history(conn: Db, access: MaySee, key: SeriesKey, period: str, scope: ScopeText = "") -> list[FigureHeld]:
    """Everything that ever held for a period such as FY2022 or 2022-04, newest first; of few people likewise."""
    about = _scope(access, scope)
    return _shown(conn, access, key, about, history_of(conn, _series(key).key, about, period))


@router.post("/{key}/files")
def bring_file(
    request: Request, conn: Db, now: Now, access: MayImport, key: SeriesKey, body: FileForm
) -> Shown | KeptFigures:
    """Without ``token`` shows what the file would change; with the token of that answer keeps it."""
    texts = texts_for(request)
    brought = desk.Brought(_series(key), _scope(access, body.scope, Action.IMPORT_FIGURES), body.source)
    chosen = _headings(body.headings)
    data = body.file.file.read(MOST_BYTES + 1)
    try:
        understood = desk.understand_file(conn, brought, data, chosen, now.astimezone(_TODAY_IN).date())
    except ComplaintError as complaint:
        raise ProblemError(422, "unreadable", {"complaint": complaint.said(texts)}) from complaint
    if not body.token:
        return shown_of(understood, texts)
    kept = _keep(conn, access, understood, (body.token, body.reason, body.file.filename or ""), now)
    if chosen:
        desk.remember_headings(conn, brought, chosen, now)
    return kept


@router.post("/{key}/figures")
def bring_figures(
    request: Request, conn: Db, now: Now, access: MayImport, key: SeriesKey, body: FiguresBrought
) -> Shown | KeptFigures:
    """The same for figures without a file."""
    brought = desk.Brought(_series(key), _scope(access, body.scope, Action.IMPORT_FIGURES), body.source)
    rows = [cast("dict[Meaning, str]", each.model_dump()) for each in body.figures]
    understood = desk.understand_rows(conn, brought, rows, now.astimezone(_TODAY_IN).date())
    if not body.token:
        return shown_of(understood, texts_for(request))
    return _keep(conn, access, understood, (body.token, body.reason, ""), now)


def _keep(
    conn: psycopg.Connection, access: Access, understood: desk.Understood, told: tuple[str, str, str], now: datetime
) -> KeptFigures:
    token, reason, file_name = told
    if understood.problems:
        raise ProblemError(422, "figures_have_problems", {"problems": len(understood.problems)})
    if token != understood.preview.token:
        raise ProblemError(409, "changed_meanwhile")
    origin = Origin(form=understood.form, file_name=file_name, digest=understood.digest, site=access.site)
    try:
        kept = keep(conn, understood.preview, origin, access.actor, reason, now)
    except ChangedMeanwhileError as error:
        raise ProblemError(409, "changed_meanwhile") from error
    except ReasonWantedError as error:
        raise ProblemError(422, "reason_wanted", {"corrections": error.corrections}) from error
    return KeptFigures(new=kept.new, corrected=kept.corrected, same=kept.same)


def _series(key: str) -> Series:
    try:
        return series(key)
    except UnknownSeriesError as error:
        raise ProblemError(404, "no_such_series", {"series": key}, [{"series": each} for each in SERIES]) from error


def _scope(access: Access, text: str, needs: Action = Action.SEE_FIGURES) -> Scope:
    """The site itself, or what who is allowed ``needs`` everywhere may name; one's own section may be seen anyway."""
    if not text or text == f"site:{access.site}":
        return Scope("site", access.site)
    try:
        scope = Scope.parse(text)
    except ScopeError as error:
        raise ProblemError(422, "no_such_scope", {"scope": text}) from error
    if scope.kind not in ("organisation", "section") or scope.whole != access.person.organisation:
        raise ProblemError(422, "no_such_scope", {"scope": text})
    own = needs is Action.SEE_FIGURES and access.person.owns(scope)
    if not (own or (access.person.may(needs, None) and access.person.sees(scope, access.site))):
        raise ProblemError(403, "not_permitted", {"scope": text})
    return scope


def _shown(conn: Db, access: Access, key: str, scope: Scope, figures: Sequence[Held]) -> list[FigureHeld]:
    if not access.person.may(Action.IMPORT_FIGURES, access.site):
        figures = told_to_all(conn, key, scope, figures)
    return [held_of(each) for each in figures]


def _headings(text: str) -> dict[Meaning, str]:
    try:
        read = json.loads(text)
    except json.JSONDecodeError as error:
        raise ProblemError(422, "not_understood", {"headings": text}) from error
    if not isinstance(read, dict):
        raise ProblemError(422, "not_understood", {"headings": text})
    named_by = cast("dict[str, object]", read)
    return {meaning: str(named_by[meaning]) for meaning in MEANINGS if named_by.get(meaning)}
