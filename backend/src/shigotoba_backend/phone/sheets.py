"""The sheet for a booth's door: its name and a QR code to check in with, as PDF, A4, one page per booth.

Japanese is set in a font every PDF viewer brings (Adobe-Japan1), so nothing is embedded. Responsible for the drawing.
Refuses secrets: the code holds the booth's public address.
"""

# reportlab ships without type information.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

import segno
from fastapi import APIRouter
from fastapi.responses import Response
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from shigotoba_backend.accounts.audit import Deed, record
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.api.asking import actor_of, services_of
from shigotoba_backend.bookings.now import booths_now
from shigotoba_backend.phone.here import Here, Visit, floor_names, site_name

router = APIRouter()

_FONT: Final = "HeiseiKakuGo-W5"
_WIDTH: Final = A4[0]
_CODE_SIDE: Final = 320.0
_CODE_TOP: Final = 610.0


@router.get("/s/{site}/sheets.pdf")
def sheets(here: Visit) -> Response:
    """All booths of a site."""
    here.demand(Action.PRINT_SHEETS)
    base = services_of(here.request).settings.base
    names = floor_names(here)
    drawn = [
        (each.name, names.get(each.floor, ""), f"{base}/b/{each.site}/{each.booth}")
        for each in booths_now(here.conn, here.site.code, here.now)
    ]
    record(
        here.conn, actor_of(here.request, here.person), Deed("sheet.print", f"site:{here.site.code}", here.site.code)
    )
    headers = {"Content-Disposition": f'inline; filename="booths-{here.site.code}.pdf"'}
    return Response(pdf(drawn, _words(here)), media_type="application/pdf", headers=headers)


def pdf(booths: Sequence[tuple[str, str, str]], words: Sequence[str]) -> bytes:
    """The document: for each booth its name, floor and address; below them the same ``words``, line by line."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    kept = io.BytesIO()
    canvas = Canvas(kept, pagesize=A4, pageCompression=1)
    canvas.setTitle(words[0])
    for name, floor, address in booths:
        _centred(canvas, name, 740, 48)
        _centred(canvas, floor, 690, 20)
        _draw_code(canvas, address)
        for line, text in enumerate(words[1:]):
            _centred(canvas, text, 240 - 30 * line, 18)
        _centred(canvas, address, 60, 10)
        canvas.showPage()
    canvas.save()
    return kept.getvalue()


def _words(here: Here) -> list[str]:
    return [
        f"{site_name(here)} {here.say('Shigotoba booths')}",
        here.say("Scan to check in, or to use it now if it is free."),
        here.say("The button at the door works without a phone."),
    ]


def _centred(canvas: Any, text: str, y: float, size: float) -> None:
    canvas.setFont(_FONT, size)
    canvas.drawCentredString(_WIDTH / 2, y, text)


def _draw_code(canvas: Any, address: str) -> None:
    """The code as squares, sharp at any size; error correction M, with the quiet zone of four modules."""
    rows = list(_rows(address))
    module = _CODE_SIDE / len(rows)
    left, top = (_WIDTH - _CODE_SIDE) / 2, _CODE_TOP + 30
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                canvas.rect(left + across * module, top - (down + 1) * module, module, module, stroke=0, fill=1)


def _rows(address: str) -> Iterator[list[bool]]:
    for row in segno.make(address, error="m", micro=False).matrix_iter(border=4):
        yield [bool(module) for module in row]
