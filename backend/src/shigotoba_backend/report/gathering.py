"""What stands in the report of a month: indicators in every basis, the months of the year beside the base, the plans.

Everything becomes the text that is printed here, so that the page and the PDF cannot differ. Responsible for choosing
and for writing figures out. Refuses to draw.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from shigotoba_backend.imports.periods import named
from shigotoba_backend.indicators.model import Basis, Indicator, IndicatorValue
from shigotoba_backend.indicators.periods import Period, fiscal_year_of, month, months_between, months_later, runs_of
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.values import indicator_values
from shigotoba_backend.plans.cards import STATUS_NAMES
from shigotoba_backend.plans.keeping import initiatives, programmes
from shigotoba_backend.plans.schedule import status_counts
from shigotoba_backend.read.now import site_info
from shigotoba_backend.report.asking import BASES, compared_with, figures_of

REPORTED: Final = (
    "copy_paper_purchased",
    "sheets",
    "fax_pages",
    "electronic_decision_rate",
    "telework_rate",
    "seat_utilisation",
    "seat_ratio",
    "booth_uses",
    "booth_utilisation",
    "booth_no_show_rate",
)
"""In the order of the page; those of which nothing is known are left out and named below the table."""

DRAWN: Final = ("copy_paper_purchased", "sheets", "impressions")
"""The first of which anything is known is drawn."""

_UNITS: Final = {
    "sheets": "枚",
    "impressions": "面",
    "pages": "ページ",
    "uses": "回",
    "h": "時間",
    "seats/person": "席/人",
}
_LEFT_OUT: Final = {
    "printers that do not count it": "該当する計数のない複合機（台）",
    "rises held for a person": "確認待ちのカウンター増加（件）",
    "bookings whose outcome could not be seen": "利用の有無が分からない予約（件）",
}
_SHOWN_IN: Final = ZoneInfo("Asia/Tokyo")


class Line(msgspec.Struct, frozen=True):
    """An indicator: in the month, in the year so far, against the base year, against the target."""

    name: str
    unit: str
    in_month: str
    to_date: str
    change: str
    base: str
    target: str
    remarks: str


class Chart(msgspec.Struct, frozen=True):
    """The months of the fiscal year; a month of which nothing is known is None, which is not zero."""

    name: str
    unit: str
    labels: tuple[str, ...]
    this_year: tuple[float | None, ...]
    base_year: tuple[float | None, ...]
    legend: tuple[str, str]

    @property
    def top(self) -> float:
        """What the tallest bar stands for."""
        return max((value for value in (*self.this_year, *self.base_year) if value is not None), default=0.0) or 1.0

    @property
    def heading(self) -> str:
        """What is drawn, and on which scale."""
        return f"{self.name}（{self.unit}、最も高い棒は{self.top:,.0f}）"


class Report(msgspec.Struct, frozen=True):
    """The page."""

    title: str
    site: str
    period: str
    made: str
    lines: tuple[Line, ...]
    chart: Chart | None
    statuses: tuple[tuple[str, tuple[int, ...]], ...]
    status_names: tuple[str, ...]
    notes: tuple[str, ...]


def report_of(conn: psycopg.Connection, organisation: str, site: str, year: int, number: int, now: datetime) -> Report:
    """The report of a month of a site."""
    about = month(year, number)
    asker = _Asker(conn, organisation, site, about, now)
    known = [(key, scope) for key in REPORTED if (scope := asker.scope_of(key)) is not None]
    unknown = [REGISTRY[key].name for key in REPORTED if key not in dict(known)]
    return Report(
        title="未来型オフィス 月次報告",
        site=site_info(conn, site).name,
        period=named(about),
        made=f"{now.astimezone(_SHOWN_IN):%Y年%m月%d日 %H:%M} 作成",
        lines=tuple(asker.line(key, scope) for key, scope in known),
        chart=asker.chart(),
        statuses=tuple(_statuses(conn, organisation)),
        status_names=tuple(STATUS_NAMES.values()),
        notes=tuple(_notes(unknown)),
    )


class _Asker:
    def __init__(self, conn: psycopg.Connection, organisation: str, site: str, about: Period, now: datetime) -> None:
        self._conn, self._about, self._now = conn, about, now
        self._scopes = (Scope("site", site), Scope("organisation", organisation))
        self._figures = figures_of(conn, {*REPORTED, *DRAWN}, self._scopes, about, now)

    def value(self, key: str, scope: Scope, basis: Basis) -> IndicatorValue | None:
        return self._figures.get((key, scope, basis))

    def scope_of(self, key: str) -> Scope | None:
        """The site, or the organisation where figures are kept for that alone; None where nothing is known."""
        for scope in self._scopes:
            told = [self.value(key, scope, basis) for basis in BASES]
            if any(each is not None and (each.value is not None or each.reason == "small_cell") for each in told):
                return scope
        return None

    def line(self, key: str, scope: Scope) -> Line:
        entry = REGISTRY[key]
        in_month = self.value(key, scope, "single_month")
        to_date = self.value(key, scope, "fiscal_year_to_date")
        compared = compared_with(key)
        change = self.value(compared, scope, "fiscal_year_to_date") if compared else None
        target = change or to_date or in_month
        return Line(
            name=entry.name + ("（組織全体）" if scope.kind == "organisation" else ""),
            unit=_UNITS.get(entry.unit, entry.unit),
            in_month=shown(in_month, entry),
            to_date=shown(to_date, entry),
            change=shown(change, REGISTRY[compared]) + _per_cent(change) if compared else "—",
            base=f"{change.base.fiscal_year}年度" if change and change.base else "—",
            target="—" if target is None or target.target is None else _number(target.target, 1),
            remarks="、".join([*_compared_months(change), *_remarks(in_month, to_date)]),
        )

    def chart(self) -> Chart | None:
        """Months of the fiscal year so far, beside those of the base year where one is kept."""
        year = fiscal_year_of(self._about.first)
        for key in DRAWN:
            scope = self.scope_of(key)
            if scope is not None and "single_month" in REGISTRY[key].bases:
                months = list(months_between(date(year, 4, 1), self._about.beyond))
                base_year = self._base_year(key, scope)
                then = [months_later(each, 12 * (base_year - year)) for each in months]
                values = self._months(key, scope, [*months, *then])
                unit = _UNITS.get(REGISTRY[key].unit, REGISTRY[key].unit)
                labels = tuple(f"{each.month}月" for each in months)
                this_year, that_year = values[: len(months)], values[len(months) :]
                legend = (f"{year}年度", f"{base_year}年度")
                return Chart(REGISTRY[key].name, unit, labels, this_year, that_year, legend)
        return None

    def _months(self, key: str, scope: Scope, months: Sequence[date]) -> tuple[float | None, ...]:
        periods = [month(each.year, each.month) for each in months]
        return tuple(
            each.value for each in indicator_values(self._conn, key, scope, periods, "single_month", self._now)
        )

    def _base_year(self, key: str, scope: Scope) -> int:
        """The base year, or last year where there is none."""
        told = self.value(key, scope, "single_month")
        base = told.base.fiscal_year if told and told.base else None
        return base or fiscal_year_of(self._about.first) - 1


def _per_cent(value: IndicatorValue | None) -> str:
    return "%" if value and value.value is not None else ""


def shown(value: IndicatorValue | None, entry: Indicator) -> str:
    """A value as it is printed: ▲ for negatives, — for not known, 秘匿 for held back."""
    if value is None:
        return "—"
    if value.value is None:
        return "秘匿" if value.reason == "small_cell" else "—"
    return _number(value.value, entry.decimals)


def _number(value: float, decimals: int) -> str:
    written = f"{abs(value):,.{decimals}f}"
    return f"▲{written}" if value < 0 and float(written.replace(",", "")) else written


def _compared_months(change: IndicatorValue | None) -> Iterator[str]:
    """Which months the comparison is of, where they are not all of the period: 対象 of research/workplace.md 3b."""
    if change and change.base and len(change.base.months) < len(change.period.months):
        yield f"比較対象：{'・'.join(_run(first, last) for first, last in runs_of(change.base.months))}"


def _run(first: date, last: date) -> str:
    return f"{first.month}月" if first == last else f"{first.month}月〜{last.month}月"


def _remarks(*values: IndicatorValue | None) -> Iterator[str]:
    known = [value for value in values if value is not None]
    if any(value.estimate for value in known):
        yield "推計を含む"
    coverage = min((value.coverage for value in known if value.coverage is not None), default=1.0)
    if coverage < 0.995:
        yield f"データ取得率{coverage:.0%}"
    if any(value.revised_at for value in known):
        yield "更新あり"
    yield from dict.fromkeys(f"除外：{_left_out(value)}" for value in known if value.exclusions)


def _left_out(value: IndicatorValue) -> str:
    """What indicators left out by themselves in the report's language; what people wrote as it stands."""
    parts = (part.rpartition(": ") for part in value.exclusions.split("; "))
    return "、".join(f"{_LEFT_OUT.get(what, what)}{colon and '：'}{number}" for what, colon, number in parts)


def _statuses(conn: psycopg.Connection, organisation: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    for programme in programmes(conn, organisation):
        cards = [kept.card for kept in initiatives(conn, organisation, programme.code)]
        yield programme.name, tuple(status_counts(cards).values())


def _notes(unknown: Sequence[str]) -> Iterator[str]:
    yield (
        "年度は4月から翌年3月。累計は4月から当月まで。▲は減少。基準年度比は累計を基準年度の同じ月と比べた増減率"
        "（双方に値のある月だけ。一部なら備考に比較対象）。"
    )
    yield "—は不明または該当なしで、0ではない。秘匿は5人未満の値か、それが計算できる値。割合は合計どうしの商。"
    if unknown:
        yield f"値が分からないため表にない指標：{'、'.join(unknown)}。"
