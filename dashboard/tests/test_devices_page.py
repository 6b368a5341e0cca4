"""機器: which senders need somebody, and which never said that they would be heard."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from dash._utils import to_json

from shigotoba_backend.read.coverage import Coverage, GatewayCoverage
from shigotoba_backend.read.now import SiteInfo
from shigotoba_dashboard.filters import Filters, Places, read_filters
from shigotoba_dashboard.pages.devices.gateways import section_of
from shigotoba_dashboard.pages.devices.todo import tasks
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sender_that_only_brought_the_past_is_named_as_such(language: Language):
    said = {"ja": "過去のデータの登録など）：history", "en": "for past readings: history"}[language]
    assert said in shown(of(LIVE, PAST_ONLY), language)
    assert said not in shown(of(LIVE), language)
