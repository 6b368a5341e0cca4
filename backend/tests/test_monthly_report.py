"""The report for the assembly: one page, the same figures on screen and as PDF."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from importlib.resources import files

import psycopg
import pytest
from pypdf import PdfReader

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.imports.amounts import amounts
from shigotoba_backend.imports.catalogue import series
from shigotoba_backend.imports.desk import Brought, understand_rows
from shigotoba_backend.imports.keeping import Origin, keep
from shigotoba_backend.indicators.bases import bases_of, draft_base, publish_base, restate_base
from shigotoba_backend.indicators.periods import month
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.plans.cards import STATUS_NAMES, read_programmes
from shigotoba_backend.plans.keeping import import_programme
from shigotoba_backend.report.asking import figures_of
from shigotoba_backend.report.bars import HEIGHT, bars, slots
from shigotoba_backend.report.gathering import DRAWN, REPORTED, Chart, Line, Report, report_of
from shigotoba_backend.report.page import page
from shigotoba_backend.report.pdf import pdf
from shigotoba_backend.site.description import SiteFile
from shigotoba_testing.web import Doors

NOW = datetime(2026, 11, 21, tzinfo=UTC)
HONCHO = Scope("site", "honcho")


def bring(conn: psycopg.Connection, key: str, *rows: dict[str, str]) -> None:
    understood = understand_rows(conn, Brought(series(key), HONCHO, "契約課"), rows, NOW.date())
    keep(conn, understood.preview, Origin(form="rest"), COMMAND, "", NOW)


@pytest.fixture
def reported(conn: psycopg.Connection, small_site: SiteFile) -> SiteFile:
    """Paper from April to October but August, beside the published base year 2019, and the shipped programmes."""
    months = [("R元", number, 120_000) for number in (4, 5, 6, 7, 8, 9, 10)]
    months += [("R8", number, 30_000 + 1_000 * number) for number in (4, 5, 6, 7, 9, 10)]
    rows = [{"period": f"{year}.{number}", "value": f"{value:,}枚"} for year, number, value in months]
    bring(conn, "copy_paper_purchased", *rows)
    base = amounts(conn, "copy_paper_purchased", HONCHO, date(2019, 4, 1), date(2020, 4, 1))
    publish_base(conn, draft_base(conn, "copy_paper_purchased", str(HONCHO), 2019, base), "総務課", NOW)
    bring(conn, "electronic_decision_rate", {"period": "R8.10", "numerator": "約980件", "denominator": "1,000件"})
    for programme in read_programmes(
        files("shigotoba_backend.reference").joinpath("programmes.toml").read_bytes(), REGISTRY
    ):
        import_programme(conn, "main", programme, COMMAND, NOW)
    return small_site


@pytest.mark.integration
def test_a_line_states_month_year_base_and_what_is_not_certain(conn: psycopg.Connection, reported: SiteFile) -> None:
    report = report_of(conn, "main", "honcho", 2026, 10, NOW)
    paper, decisions = report.lines[:2]
    assert (paper.name, paper.unit, paper.in_month, paper.to_date) == ("コピー用紙購入量", "枚", "40,000", "221,000")
    assert (paper.change, paper.base) == ("▲69.3%", "2019年度")
    assert paper.remarks == "比較対象：4月〜7月・9月〜10月、データ取得率86%"
    assert (decisions.in_month, decisions.change, decisions.remarks.split("、")[0]) == ("98.0", "—", "推計を含む")
    assert report.period == "2026年10月（令和8年10月）"
    assert report.chart is not None
    assert report.chart.labels[-1] == "10月"
    assert report.chart.this_year[4] is None
    assert "テレワーク実施率" in report.notes[-1]


@pytest.mark.integration
def test_a_base_that_begins_in_october_is_compared_with_october_alone_and_the_sheet_says_so(
    conn: psycopg.Connection, reported: SiteFile
) -> None:
    """The device came in October of the base year: research/workplace.md section 3b."""
    base = amounts(conn, "copy_paper_purchased", HONCHO, date(2019, 10, 1), date(2020, 4, 1))
    published = bases_of(conn, "copy_paper_purchased", str(HONCHO))[0]
    again = restate_base(conn, published.base_year_id, base, "9月まではリース前")
    publish_base(conn, again, "総務課", NOW)
    paper = report_of(conn, "main", "honcho", 2026, 10, NOW).lines[0]
    assert (paper.to_date, paper.change) == ("221,000", "▲66.7%")
    assert paper.remarks == "比較対象：10月、データ取得率86%"


@pytest.mark.integration
def test_figures_asked_for_together_are_those_asked_for_one_by_one(
    conn: psycopg.Connection, reported: SiteFile
) -> None:
    about = month(2026, 10)
    together = figures_of(conn, REPORTED, (HONCHO, Scope("organisation", "main")), about, NOW)
    assert {"copy_paper_change", "seat_utilisation"} <= {key for key, _, _ in together}
    alone = {
        asked: indicator_values(conn, asked[0], asked[1], [about], asked[2], NOW)[0]
        for asked in together
        if asked[0] in ("copy_paper_purchased", "copy_paper_change", "sheets", "seat_utilisation", "seat_ratio")
    }
    assert repr({asked: together[asked] for asked in alone}) == repr(alone)


@pytest.mark.integration
def test_page_and_pdf_say_the_same_on_one_landscape_sheet(conn: psycopg.Connection, reported: SiteFile) -> None:
    report = report_of(conn, "main", "honcho", 2026, 10, NOW)
    html, document = page(report), PdfReader(io.BytesIO(pdf(report)))
    (sheet,) = document.pages
    assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == (842, 595)
    for said in ("▲69.3%", "2019年度", "比較対象：4月〜7月・9月〜10月", "221,000", "一部実施中"):
        assert said in html
        assert said in sheet.extract_text().replace("\n", "")
    assert "8月（不明）" in html
    assert all(colour in ("#000", "#fff") for colour in _colours(html))


@pytest.mark.integration
def test_two_seats_are_held_back_and_each_report_is_in_the_audit_log(web: Doors, small_site: SiteFile) -> None:
    client = web.signed_in("executive", Role.EXECUTIVE, site="honcho")
    address = "/api/v1/sites/honcho/reports/monthly"
    assert "秘匿" in client.get(address, params={"month": "2026-10"}).text
    answer = client.get(address, params={"month": "2026-10", "format": "pdf"})
    assert answer.content.startswith(b"%PDF")
    assert client.get(address, params={"month": "2026-13"}).status_code == 422
    assert web.signed_in("staff").get(address, params={"month": "2026-10"}).status_code == 403
    logged = web.conn.execute(
        "SELECT after->>'form' FROM shigotoba.audit_log WHERE action = 'export.report'"
    ).fetchall()
    assert logged == [("html",), ("pdf",)]


def test_bars_stand_side_by_side_and_nothing_known_is_no_bar() -> None:
    chart = Chart("紙", "枚", ("4月", "5月"), (50.0, None), (100.0, 0.0), ("2026年度", "2019年度"))
    drawn = list(bars(chart))
    assert [(bar.height, bar.filled) for bar in drawn] == [(HEIGHT, False), (HEIGHT / 2, True), (0.0, False)]
    assert drawn[0].x + drawn[0].width == pytest.approx(drawn[1].x)
    assert [slot.unknown for slot in slots(chart)] == [False, True]


def test_a_full_report_of_march_with_much_to_remark_is_still_one_sheet() -> None:
    remarks = (
        "比較対象：4月〜7月・9月〜10月、推計を含む、データ取得率86%、更新あり、除外：確認待ちのカウンター増加（件）：2"
    )
    line = Line(
        "年次有給休暇の平均取得日数", "席/人", "1,234,567", "12,345,678", "▲69.3%", "2019年度", "▲50.0", remarks
    )
    labels = tuple(f"{number % 12 + 1}月" for number in range(3, 15))
    report = Report(
        title="未来型オフィス 月次報告",
        site="本庁舎",
        period="2027年3月（令和9年3月）",
        made="2027年4月2日 09:00 作成",
        lines=(line,) * len(REPORTED),
        chart=Chart("コピー用紙購入量", "枚", labels, (1.0,) * 12, (2.0,) * 12, ("2026年度", "2019年度")),
        statuses=((f"{'適正事務の確保に向けた対応方針' * 2}", (1, 2, 3, 4, 5, 6)),) * 3,
        status_names=tuple(STATUS_NAMES.values()),
        notes=("基準年度比は累計を基準年度の同じ月と比べた増減率。" * 3,) * 2
        + ("値が分からないため表にない指標：なし。",),
    )
    (sheet,) = PdfReader(io.BytesIO(pdf(report))).pages
    assert "表にない指標：なし" in sheet.extract_text()


def test_what_is_reported_exists() -> None:
    assert {*REPORTED, *DRAWN} <= set(REGISTRY)


def _colours(html: str) -> list[str]:
    return [part.split('"')[0] for part in html.split('fill="')[1:]]
