"""The report as PDF: one A4 sheet, landscape, in a Japanese typeface that every PDF reader brings along (no font file).

What is too much for the sheet is printed smaller, all of it alike.

Responsible for laying the same report out with reportlab.
"""
# reportlab ships no type information; nothing of it leaves this module.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportArgumentType=false, reportMissingTypeStubs=false
# pyright: reportMissingTypeArgument=false

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import black, white
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import KeepInFrame, Paragraph, SimpleDocTemplate, Spacer, Table

from shigotoba_backend.report.bars import HEIGHT, WIDTH, bars, slots
from shigotoba_backend.report.gathering import Chart, Report

_FONT: Final = "HeiseiKakuGo-W5"
_MARGIN: Final = 30
_PADDING: Final = 6
_HEADINGS: Final = ("指標", "単位", "当月", "年度累計", "基準年度比", "基準年度", "目標", "備考")
_WIDTHS: Final = (150, 48, 72, 80, 66, 58, 50, 246)


def pdf(report: Report) -> bytes:
    """The file."""
    registerFont(UnicodeCIDFont(_FONT))
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=landscape(A4),
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=f"{report.title} {report.site} {report.period}",
        lang="ja",
    )
    room = (document.width - 2 * _PADDING, document.height - 2 * _PADDING)
    document.build([KeepInFrame(*room, list(_story(report)), mode="shrink")])
    return out.getvalue()


def _story(report: Report) -> Iterator[Any]:
    yield _words(report.title, 17)
    yield _words(f"{report.site}　{report.period}　{report.made}", 10.5)
    yield _words("主な指標", 12, before=8)
    cells = [_cells(line) for line in _lines(report)]
    yield _table([_HEADINGS, *cells], _WIDTHS, numbers=range(2, 7))
    if report.chart is not None:
        told = report.chart
        yield _words(f"{told.heading}　□ {told.legend[1]}　■ {told.legend[0]}", 12, before=8)
        yield _drawing(told)
    if report.statuses:
        yield _words("改革の取組の状況（件）", 12, before=8)
        rows = [[_words(name, 10), *map(str, counts)] for name, counts in report.statuses]
        widths = (sum(_WIDTHS) - 6 * 78, *[78] * 6)
        yield _table([("計画", *report.status_names), *rows], widths, numbers=range(1, 7))
    yield Spacer(1, 5)
    yield from (_words(note, 9) for note in report.notes)


def _lines(report: Report) -> Iterator[Sequence[str]]:
    for line in report.lines:
        yield (line.name, line.unit, line.in_month, line.to_date, line.change, line.base, line.target, line.remarks)


def _cells(row: Sequence[str]) -> list[Any]:
    """Long texts may break; numbers may not."""
    return [_words(text, 10) if place in (0, 1, 7) else text for place, text in enumerate(row)]


def _table(rows: Sequence[Sequence[Any]], widths: Sequence[float], numbers: range) -> Table:
    style = [
        ("FONT", (0, 0), (-1, -1), _FONT, 10),
        ("GRID", (0, 0), (-1, -1), 0.6, black),
        ("LINEBELOW", (0, 0), (-1, 0), 1.6, black),
        ("ALIGN", (0, 0), (-1, 0), "CENTER"),
        ("ALIGN", (numbers.start, 1), (numbers.stop - 1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    return Table([list(row) for row in rows], colWidths=list(widths), style=style, hAlign="LEFT", repeatRows=1)


def _drawing(chart: Chart) -> Drawing:
    drawing = Drawing(WIDTH, HEIGHT + 18)
    for bar in bars(chart):
        fill = black if bar.filled else white
        drawing.add(Rect(bar.x, 16, bar.width, bar.height, fillColor=fill, strokeColor=black, strokeWidth=0.8))
    drawing.add(Line(0, 16, WIDTH, 16, strokeColor=black))
    for slot in slots(chart):
        label = slot.label + ("（不明）" if slot.unknown else "")
        drawing.add(String(slot.x, 3, label, fontName=_FONT, fontSize=10, textAnchor="middle"))
    return drawing


def _words(text: str, size: float, before: float = 0) -> Paragraph:
    style = ParagraphStyle(
        "words", fontName=_FONT, fontSize=size, leading=size * 1.3, spaceBefore=before, wordWrap="CJK"
    )
    return Paragraph(escape(text), style)
