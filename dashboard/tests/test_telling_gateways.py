"""機器: a gateway is told something by a button, by who may, and its answer stands below in words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from dash._utils import to_json

from shigotoba_backend.accounts.roles import ALLOWED, Action, Role
from shigotoba_backend.api.problems import ProblemError
from shigotoba_backend.read.gateway_commands import Ability, Told
from shigotoba_dashboard.changes import ChangeRefusedError
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.house import House, NotForYouError, Sent
from shigotoba_dashboard.pages import PAGES
from shigotoba_dashboard.pages.devices.telling import section_of, tasks
from shigotoba_dashboard.visitors import Visitor

pytestmark = pytest.mark.integration


def somebody(role: Role) -> Visitor:
    def may(action: Action, site: str | None) -> bool:
        return action in ALLOWED[role] and site == "honcho"

    return Visitor(role.value, None, may, door="/sign-in?back=")


def send(house: House, what: str, role: Role = Role.SITE_ADMIN) -> str:
    return house.change("devices", "tell", Sent({"site": "honcho", "what": what}), somebody(role)).told


def shown(house: House, role: Role = Role.SITE_ADMIN) -> str:
    drawn = house.show("/dashboard/devices", "", somebody(role))
    return json.dumps(json.loads(to_json(drawn.content)), ensure_ascii=False)


def filters_of(house: House, role: Role = Role.SITE_ADMIN) -> Filters:
    return house._filters({}, PAGES["devices"], somebody(role))


def test_who_may_tells_a_gateway_and_reads_its_answer(settled_house: House, settled_office: Any):
    with psycopg.connect(settled_office.database) as conn:
        ((gateway,),) = conn.execute("SELECT min(gateway) FROM shigotoba.gateway_health").fetchall()
    assert "ランプを点滅させる" in shown(settled_house)
    assert "ランプを点滅させる" not in shown(settled_house, Role.FACILITY)
    with pytest.raises(NotForYouError):
        send(settled_house, f"identify {gateway}", Role.FACILITY)
    assert send(settled_house, f"identify {gateway}") == (
        f"{gateway} に指示しました。数秒のうちに、下の表に返事が出ます。"
    )
    assert "… 指示済み（返事待ち）" in shown(settled_house)
    with pytest.raises(ProblemError, match="asked_already"):
        send(settled_house, f"identify {gateway}")
    for nonsense in ("", "explode gw-1"):
        with pytest.raises(ChangeRefusedError, match="選んでください"):
            send(settled_house, nonsense)


def test_what_a_command_can_see_to_has_a_button_and_stands_among_the_tasks(settled_house: House):
    filters = filters_of(settled_house)
    down = Ability("gw-1", filters.at, "edge-1", "ble", "waiting", "there is no Bluetooth adapter. Plug one in.", None)
    ending = Ability("gw-1", filters.at, "", "", "", "", filters.at + timedelta(days=20))
    well = [replace(down, driver="enocean", state="running"), replace(ending, gateway="gw-2", certificate_until=None)]
    silent = replace(down, gateway="gw-3", heard_at=filters.at - timedelta(minutes=3))
    abilities = [ending, down, *well, silent]
    found = tasks(abilities, filters)
    assert [(task.what, task.state[:4]) for task in found] == [
        ("ゲートウェイ gw-1", "△ 証明"),
        ("edge-1 のドライバー ble", "▲ 停止"),
    ]
    assert "Bluetooth アダプターがありません。挿してください。" in found[1].action
    told = Told("c", "gw-1", "restart_driver", "edge-1", "ble", filters.at, filters.at, "failed", "it came too late")
    drawn = json.dumps(json.loads(to_json(section_of(abilities, [told], filters))), ensure_ascii=False)
    assert drawn.count('"restart_driver gw-1 edge-1 ble"') == 2  # its button, and the list of everything
    assert "届いたときには期限を過ぎていました" in drawn
    assert section_of(abilities, [told], filters_of(settled_house, Role.FACILITY)) == []
