"""A card of a programme, edited through the house as its form does."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import psycopg
import pytest
from dash._utils import to_json

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.roles import ALLOWED, Role
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.plans.cards import Card, Programme, read_programmes
from shigotoba_backend.plans.keeping import import_programme
from shigotoba_dashboard.changes import ChangeRefusedError
from shigotoba_dashboard.house import House, NotForYouError, Sent
from shigotoba_dashboard.visitors import Visitor

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def programme(settled_office: Any) -> Programme:
    """A programme that has been brought."""
    found = read_programmes(files("shigotoba_backend.reference").joinpath("programmes.toml").read_bytes(), REGISTRY)[0]
    with psycopg.connect(settled_office.database) as conn:
        import_programme(conn, "main", found, COMMAND, settled_office.now)
    return found


def somebody(role: Role) -> Visitor:
    return Visitor(role.value, None, lambda action, site: action in ALLOWED[role] and site == "honcho")


def page(house: House, programme: Programme, role: Role, number: int = 0) -> str:
    query = f"?programme={programme.code}&initiative={programme.cards[number].code}"
    drawn = house.show("/dashboard/initiative", query, somebody(role))
    return json.dumps(json.loads(to_json(drawn.content)), ensure_ascii=False)


def told_years(card: Card) -> dict[str, str]:
    """The years' fields as the form fills them."""
    found = {"years": " ".join(sorted({"2026", *(str(year.fiscal_year) for year in card.years)}))}
    for year in card.years:
        found[f"actuals_{year.fiscal_year}"] = "\n".join(year.actuals)
        found[f"next_steps_{year.fiscal_year}"] = "\n".join(year.next_steps)
    return found


def send(house: House, programme: Programme, role: Role = Role.FACILITY, number: int = 0, **typed: str) -> str:
    card = programme.cards[number]
    fields = {
        "site": "honcho",
        "programme": programme.code,
        "initiative": card.code,
        "title": card.title,
        "status": card.status,
        "responsible": "\n".join(card.responsible),
        "first_year": str(card.first_year),
        "last_year": str(card.last_year or ""),
        "overview": card.overview,
        "outputs": "\n".join(card.outputs),
        "outcomes": "\n".join(card.outcomes),
        **told_years(card),
        **typed,
    }
    return house.change("initiative", "edit", Sent(fields), somebody(role)).told


def test_an_edit_is_a_further_version_with_its_reason_and_an_old_page_overwrites_nothing(
    settled_house: House, programme: Programme
):
    edited = {"effective_from": "令和8年4月1日", "actuals_2026": "押印を廃止\n様式を改定", "reason": "実績の追記"}
    with pytest.raises(ChangeRefusedError, match="理由を入力"):
        send(settled_house, programme, seen_version="1", **{**edited, "reason": ""})
    with pytest.raises(ChangeRefusedError, match="「来年」は年度ではありません"):
        send(settled_house, programme, seen_version="1", **{**edited, "last_year": "来年"})
    with pytest.raises(ChangeRefusedError, match=r"矛盾.*早い年度を先に"):
        send(settled_house, programme, seen_version="1", **{**edited, "last_year": "1999"})
    assert "第2版" in send(settled_house, programme, seen_version="1", **edited)
    text = page(settled_house, programme, Role.EXECUTIVE)
    assert "実績の追記" in text
    assert "押印を廃止 / 様式を改定" in text
    with pytest.raises(ChangeRefusedError, match="ほかの方がこのカードを編集"):
        send(settled_house, programme, seen_version="1", **edited)
    with pytest.raises(ChangeRefusedError, match="変わったところがありません"):
        send(settled_house, programme, seen_version="2", **edited)
    both = {"years": "2025 2026", "actuals_2025": "窓口を統合", "actuals_2026": "相談を統合", "reason": "二か年"}
    send(settled_house, programme, seen_version="2", **both)
    form = page(settled_house, programme, Role.FACILITY)
    assert [part for part in ("actuals_2025", "窓口を統合", "actuals_2026", "相談を統合") if part not in form] == []


def test_indicators_and_places_are_chosen_on_the_page_and_what_is_not_offered_is_refused(
    settled_house: House, programme: Programme
):
    def choose(**more: str) -> str:
        links = {"indicators_0": "impressions", "indicators_1": "", "places_0": "floor:honcho/3f", "places_1": ""}
        return send(settled_house, programme, number=1, seen_version="1", reason="効果の確認", **{**links, **more})

    with pytest.raises(ChangeRefusedError, match="選択肢にありません"):
        choose(places_0="floor:honcho/9f")
    with pytest.raises(ChangeRefusedError, match="一つにしてください"):
        choose(compared_with_0="floor:honcho/3f")
    assert "第2版" in choose(compared_with_0="floor:honcho/4f")
    text = page(settled_house, programme, Role.EXECUTIVE, number=1)
    assert [part for part in ("出力面数", "3階", "4階", "実施場所、比較対象") if part not in text] == []


def test_the_form_is_there_for_who_keeps_plans_and_nobody_else_may_send_it(settled_house: House, programme: Programme):
    assert "changes/initiative/edit" in page(settled_house, programme, Role.FACILITY)
    assert "changes/initiative/edit" not in page(settled_house, programme, Role.EXECUTIVE)
    with pytest.raises(NotForYouError):
        send(settled_house, programme, Role.EXECUTIVE, seen_version="1", reason="試し")
