"""The monthly report, as a page and as PDF."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from shigotoba_backend.accounts.audit import Deed, record
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import Access, Db, Now, allowed
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.indicators.periods import Period, PeriodError
from shigotoba_backend.report.gathering import report_of
from shigotoba_backend.report.page import page
from shigotoba_backend.report.pdf import pdf

router = APIRouter(prefix="/sites/{site}/reports", tags=["exports"])


@router.get(
    "/monthly",
    response_class=Response,
    responses={200: {"content": {"text/html": {}, "application/pdf": {}}, "description": "The report"}},
)
def monthly(
    conn: Db,
    now: Now,
    access: Annotated[Access, Depends(allowed(Action.SEE_FIGURES))],
    month: Annotated[str, Query(pattern=r"^(19|20)\d{2}-(0[1-9]|1[0-2])$", description="Such as 2026-10")],
    form: Annotated[Literal["html", "pdf"], Query(alias="format")] = "html",
) -> Response:
    """A4 landscape, legible in black and white. Noted in the audit log."""
    about = _month(month)
    report = report_of(conn, access.person.organisation, access.site, about.first.year, about.first.month, now)
    record(conn, access.actor, Deed("export.report", f"report:{month}", access.site, after={"form": form}))
    if form == "html":
        return Response(page(report), media_type="text/html; charset=utf-8")
    headers = {"Content-Disposition": f'attachment; filename="report_{access.site}_{month}.pdf"'}
    return Response(pdf(report), media_type="application/pdf", headers=headers)


def _month(text: str) -> Period:
    try:
        return Period.parse(text)
    except PeriodError as error:
        raise ProblemError(422, "not_understood", {"month": text}) from error
