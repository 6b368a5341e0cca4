"""機器: which senders need somebody, which never said that they would be heard, and rises that wait for a decision."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from dash._utils import to_json

from shigotoba_backend.accounts.roles import ALLOWED, Role
from shigotoba_backend.arranging import rises
from shigotoba_backend.arranging.rises import HeldRise
from shigotoba_backend.read.coverage import Coverage, GatewayCoverage
from shigotoba_backend.read.now import SiteInfo
from shigotoba_dashboard.filters import Filters, Places, read_filters
from shigotoba_dashboard.pages.devices import held
from shigotoba_dashboard.pages.devices.gateways import section_of
from shigotoba_dashboard.pages.devices.todo import tasks
from shigotoba_dashboard.visitors import Visitor
from shigotoba_dashboard.words import LANGUAGES, Language

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
LIVE = GatewayCoverage("gw-1", 100, 0, 1, 0, 0, 0, AT - timedelta(days=1), AT, AT)
PAST_ONLY = GatewayCoverage("history", 9_000, 0, 1, None, None, None, None, None, AT - timedelta(days=1))


def filters_for(language: Language) -> Filters:
    site = SiteInfo("honcho", "本庁舎", "Main Building", "Asia/Tokyo")
    return read_filters({"lang": language}, Places(site, (site,), ()), AT, frozenset())


def of(*gateways: GatewayCoverage) -> Coverage:
    return Coverage(gateways, {}, None)


def shown(coverage: Coverage, language: Language) -> str:
    return json.dumps(json.loads(to_json(section_of(coverage, [], [], filters_for(language)))), ensure_ascii=False)


def test_a_gateway_that_stops_reporting_needs_somebody_and_one_that_only_brought_the_past_does_not():
    quiet = replace(LIVE, gateway="gw-2", health_at=AT - timedelta(minutes=3))
    found = tasks([], of(LIVE, quiet, PAST_ONLY), [], [], filters_for("ja"))
    assert [(task.what, task.state) for task in found] == [("ゲートウェイ gw-2", "▲ 応答なし")]


def test_a_gateway_behind_with_sending_needs_somebody_unless_it_is_silent_which_is_worse():
    behind = replace(LIVE, gateway="gw-2", waiting=123_456)
    silent = replace(behind, gateway="gw-3", health_at=AT - timedelta(minutes=3))
    found = tasks([], of(replace(LIVE, waiting=12), behind, silent), [], [], filters_for("ja"))
    assert [(task.what, task.state) for task in found] == [
        ("ゲートウェイ gw-2", "▲ 送信待ち 123,456件"),
        ("ゲートウェイ gw-3", "▲ 応答なし"),
    ]
    assert all(task.action for task in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sender_that_only_brought_the_past_is_named_as_such(language: Language):
    said = {"ja": "過去のデータの登録など）：history", "en": "for past readings: history"}[language]
    assert said in shown(of(LIVE, PAST_ONLY), language)
    assert said not in shown(of(LIVE), language)


def waiting(hold_id: int, counter: str, since: datetime, until: datetime) -> HeldRise:
    return HeldRise(
        hold_id, "honcho", "mfp-1", counter, since, until, 4, 9_004, 9_000, "long_gap", None, None, None, None, 0
    )


def drawn(found: list[HeldRise], role: Role, language: Language = "ja") -> str:
    visitor = Visitor(role.value, 1, lambda action, _site: action in ALLOWED[role])
    section = held.section_of(found, replace(filters_for(language), visitor=visitor))
    return json.dumps(json.loads(to_json(section)), ensure_ascii=False)


def test_the_command_line_and_the_page_say_the_same_of_a_held_rise():
    assert held.CAUSES == rises.CAUSES
    assert held.DECISIONS == rises.DECISIONS


def test_one_form_decides_about_all_counters_that_rose_over_the_same_stretch_of_a_printer():
    earlier, later = AT - timedelta(days=3), AT - timedelta(days=1)
    names = ("impressions_total", "impressions_copy", "fax_sent")
    found = [waiting(number, name, earlier, later) for number, name in enumerate(names, start=1)]
    shown_to_an_officer = drawn([*found, waiting(4, "impressions_total", later, AT)], Role.FACILITY)
    assert shown_to_an_officer.count('"href": "') == 4
    assert '"value": "1:0 2:0 3:0"' in shown_to_an_officer
    assert '"value": "4:0"' in shown_to_an_officer
    assert "9,000" in shown_to_an_officer
    assert "1日以上の通信途絶の後" in shown_to_an_officer


def test_who_may_not_decide_sees_no_form_and_who_sees_no_printer_no_rise():
    found = [waiting(1, "fax_sent", AT - timedelta(days=3), AT)]
    auditor, executive = drawn(found, Role.AUDITOR), drawn(found, Role.EXECUTIVE)
    assert "9,000" in auditor
    assert "change-form" not in auditor
    assert "数値の登録ができる担当者が判断します" in auditor
    assert executive == drawn([], Role.FACILITY) == "[]"


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_decisions_are_offered_in_the_language_of_the_page(language: Language):
    said = {
        "ja": ["増加分を計上する", "増加分を除外する", "複合機で確認したこと"],
        "en": [*rises.DECISIONS.values(), "What was seen at the printer."],
    }[language]
    shown_to_an_officer = drawn([waiting(1, "fax_sent", AT - timedelta(days=3), AT)], Role.FACILITY, language)
    assert [text for text in said if text not in shown_to_an_officer] == []
