"""Programmes, schedules and effects on the page, from cards and months made here."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from dash._utils import to_json

from shigotoba_backend.effects.estimating import effect_of
from shigotoba_backend.effects.model import Observation, Question
from shigotoba_backend.effects.questions import Answer
from shigotoba_backend.indicators.periods import months_later
from shigotoba_backend.indicators.registry import indicator
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.plans.cards import Card, Stage
from shigotoba_backend.plans.keeping import Kept, ProgrammeSeen, Version
from shigotoba_backend.plans.schedule import bars, years_of
from shigotoba_backend.read.now import FloorInfo, SiteInfo
from shigotoba_dashboard.figures.before_after import before_after_figure, before_after_records
from shigotoba_dashboard.filters import Filters, Places, read_filters
from shigotoba_dashboard.pages import effects, initiative
from shigotoba_dashboard.pages.effects import EffectsView, schedule
from shigotoba_dashboard.pages.initiative import InitiativeView
from shigotoba_dashboard.visitors import EVERYBODY
from shigotoba_dashboard.words import words_in

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
CARD = Card(
    "seats",
    "3階のフリーアドレス化",
    "働く場所",
    "under_way",
    ["管財課"],
    2025,
    2027,
    stages=[Stage("試行", 2025, 2025), Stage("本実施", 2026)],
    indicators=["seat_utilisation"],
    effective_from=date(2025, 10, 1),
)
PLANNED = Card("more", "ブースの増設", "働く場所", "planned", ["管財課"], 2027)


@pytest.fixture
def filters() -> Filters:
    site = SiteInfo("honcho", "本庁舎", "Main building", "Asia/Tokyo")
    places = Places(site, (site,), (FloorInfo("3f", "3階", "3rd floor", 3),))
    return read_filters({}, places, NOW, frozenset())


def months(values: list[float | None]) -> tuple[Observation, ...]:
    first = date(2024, 10, 1)
    return tuple(Observation(months_later(first, passed), value) for passed, value in enumerate(values))


def answer(after: float, *, with_comparison: bool = False) -> Answer:
    """A year before and a year after; a month is not known."""
    wobble = [(number * 7 % 5) / 10 for number in range(24)]
    own: list[float | None] = [50 + each + (after if place >= 12 else 0) for place, each in enumerate(wobble)]
    own[3] = None
    other = months([48 + each for each in reversed(wobble)])
    question = Question(date(2025, 10, 1), months(own), {"floor:honcho/4f": other} if with_comparison else {})
    return Answer(indicator("seat_utilisation"), Scope("floor", "honcho/3f"), effect_of(question), question)


def text_of(drawn: Any) -> str:
    return json.dumps(json.loads(to_json(drawn)), ensure_ascii=False)


def page(filters: Filters, *answers: Answer) -> str:
    kept = Kept(1, 1, CARD, NOW)
    view = InitiativeView(kept, (Version(1, CARD, NOW, 7, "計画の策定"),), answers)
    return text_of(initiative.PAGE.draw(view, filters))


def test_a_clear_effect_is_told_with_its_interval_its_place_and_its_doubts(filters: Filters):
    said = page(filters, answer(-12.0))
    assert "座席利用率（3階）" in said
    assert "座席利用率は約" in said
    assert "減りました（95%信頼区間" in said
    assert "取組のない比較対象がないため" in said
    assert "data:image/svg+xml" in said


def test_no_clear_change_is_not_told_as_no_change(filters: Filters):
    assert "変化がなかったことの証明ではありません" in page(filters, answer(0.0))


def test_too_few_months_draw_no_interval(filters: Filters):
    few = answer(-12.0)
    question = Question(few.question.effective_from, few.question.treated[10:13], {})
    said = page(filters, Answer(few.indicator, few.scope, effect_of(question), question))
    assert "まだ結論は出せません" in said
    assert "svg+xml" not in said


def test_a_card_without_a_day_says_what_is_wanted(filters: Filters):
    assert "適用日と、月ごとに分かる指標をカードに入力してください" in page(filters)


def test_who_revised_a_card_is_not_on_the_page(filters: Filters):
    table = initiative.PAGE.records(InitiativeView(Kept(1, 1, CARD, NOW), (Version(1, CARD, NOW, 7, "策定"),)), filters)
    assert [field.key for field in table[-1].fields] == ["version", "at", "changed", "reason"]


def test_a_month_that_is_not_known_is_a_gap_and_a_blank(filters: Filters):
    question = answer(-5.0, with_comparison=True).question
    figure: Any = before_after_figure(question, "%", filters.words)
    own, others = figure.data
    assert own.y[3] is None
    assert not own.connectgaps
    assert None not in others.y
    rows = before_after_records("months", "", "%", question, filters.words).rows
    assert rows[3] == ("2025-01", "前", None, others.y[3], "")
    assert [row[1] for row in rows].index("後") == 12


def test_the_months_of_another_section_are_not_shown_as_those_compared_with(filters: Filters):
    others = answer(-5.0, with_comparison=True).question
    compared = {"section:main/somu": others.comparisons["floor:honcho/4f"]}
    told = Answer(
        indicator("sheets"),
        Scope("section", "main/zeimu"),
        effect_of(others),
        Question(others.effective_from, others.treated, compared),
    )
    view = InitiativeView(Kept(1, 1, CARD, NOW), (), (told,))
    own = replace(EVERYBODY, may=lambda _action, _site: False, owns=lambda scope: scope.part == "zeimu")
    for visitor, shown in ((EVERYBODY, True), (own, False)):
        table = initiative.PAGE.records(view, replace(filters, visitor=visitor))[1]
        assert any(row[2] is not None for row in table.rows)
        assert any(row[3] is not None for row in table.rows) == shown


def test_amounts_are_per_open_day_and_a_month_without_one_is_not_zero():
    question = Question(date(2025, 10, 1), months([100.0, 90.0]), {}, {date(2024, 10, 1): 20, date(2024, 11, 1): 0})
    rows = before_after_records("months", "", "枚", question, words_in("ja")).rows
    assert [row[2] for row in rows] == [5.0]


def test_the_schedule_says_how_many_stages_run_this_year():
    years = years_of([CARD, PLANNED])
    assert schedule.sentence(bars([CARD, PLANNED], years), years, 2026, words_in("ja")) == (
        "2025年度から2027年度までの3工程のうち、今年度に当たるのは1工程です。"
    )


def test_cards_stand_by_pillar_with_symbol_and_word(filters: Filters):
    shown = ProgrammeSeen("mirai", "未来型オフィス改革", "本市", "計画（2025）")
    kept = tuple(Kept(number, 1, card, NOW) for number, card in enumerate((CARD, PLANNED)))
    said = text_of(effects.PAGE.draw(EffectsView((shown,), shown, kept), filters))
    assert "全2件のうち1件が実施済または実施中です。1件は効果を確かめられます。" in said
    assert "◕ 実施中" in said
    assert "initiative?programme=mirai&initiative=seats" in said
    assert said.count("働く場所") == 1


def test_without_a_programme_the_page_says_how_one_is_brought(filters: Filters):
    english = replace(filters, language="en")
    assert "No programme has been brought yet" in text_of(effects.PAGE.draw(EffectsView((), None, ()), english))
