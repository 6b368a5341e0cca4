"""The page of today, which follows the database, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from shigotoba_standalone.ports import free_ports
from shigotoba_testing.desk import LOOKS, drawn, within

SMALLEST_TEXT_PX = """() => Math.min(...[...document.querySelectorAll("body *")]
    .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
    .filter((node) => node.getClientRects().length)
    .map((node) => parseFloat(getComputedStyle(node).fontSize)))"""
SIGNS = "(signs) => signs.map((sign) => sign.getBoundingClientRect().toJSON())"

pytestmark = [*LOOKS]


def open_page(page: Page, address: str, language: str = "ja") -> None:
    """Opens the page and waits until everything is drawn, whatever comes with the first beats included."""
    page.goto(f"{address}/dashboard/today?lang={language}")
    drawn(page)
    for chart in ("occupancy", "impressions", "fax"):
        expect(page.locator(f"#{chart}-figure .xtick").first).to_be_visible()
    expect(page.locator("#seat-counts")).not_to_be_empty()
    expect(page.locator("#booth-cards .card")).to_have_count(8)


def test_the_page_shows_every_state_in_words(page: Page, settled_dashboard: str):
    open_page(page, settled_dashboard)
    expect(page.locator("h1")).to_have_text("オフィスの今日")
    expect(page.locator("#site-name")).to_have_text("本庁舎")
    expect(page.locator("#as-of")).to_have_text("2026年11月20日(金) 10:37:05 現在")
    expect(page.locator("#fiscal-year")).to_have_text("2026年度（令和8年度）")
    expect(page.locator("#indicator")).to_have_text("● 受信中")
    expect(page.locator("#seat-counts")).to_have_text("使用中 15 / 空き 23 / 不明 2（全40席）")
    expect(page.locator(".plan .sign.seat")).to_have_count(40)
    expect(page.locator(".plan .sign.seat.occupied")).to_have_count(15)
    expect(page.locator(".plan .sign.seat.unknown").first).to_contain_text("不明")
    expect(page.locator("#device-attention")).to_contain_text("▲ 応答なし")


def test_the_page_follows_a_change_without_losing_what_is_open_or_focused(page: Page, office: Any, dashboard: str):
    open_page(page, dashboard)
    summary = page.locator("#seats summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#seat-list")).to_be_visible()

    office.play("take_seat", space="4f-s01", at=office.now)

    expect(page.locator("#seat-counts")).to_have_text("使用中 16 / 空き 22 / 不明 2（全40席）")
    expect(page.locator("#seat-list tr", has_text="4-01")).to_contain_text("● 使用中")
    expect(page.locator("#seat-list")).to_be_visible()
    expect(summary).to_be_focused()


def test_the_page_follows_over_a_line_slower_than_its_own_clock(page: Page, office: Any, dashboard: str):
    open_page(page, dashboard)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    speed = {"offline": False, "latency": 1_500, "downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.emulateNetworkConditions", speed)
    office.play("take_seat", space="4f-s01", at=office.now)
    expect(page.locator("#seat-counts")).to_contain_text("使用中 16")
    expect(page.locator("#connection-lost")).to_be_hidden()


def test_nothing_is_asked_of_other_hosts_and_the_language_is_in_the_address(page: Page, settled_dashboard: str):
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).scheme))
    open_page(page, settled_dashboard)
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("The office today")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile(r"/today\?lang=en$"))
    assert hosts == {urlsplit(settled_dashboard).netloc}


def test_the_page_says_that_the_database_is_away_and_recovers(page: Page, office: Any, dashboard: str):
    open_page(page, dashboard)
    with office.away():
        expect(page.locator("#trouble")).to_contain_text("データベースに接続できません")
        expect(page.locator("#indicator")).to_contain_text("更新が止まっています")
        expect(page.locator("#seat-counts")).to_contain_text("使用中 15")
    expect(page.locator("#trouble")).to_be_empty()
    expect(page.locator("#indicator")).to_have_text("● 受信中")


def test_a_page_opened_while_the_database_is_away_fills_itself_later(page: Page, office: Any, dashboard: str):
    with office.away():
        page.goto(f"{dashboard}/dashboard/today")
        expect(page.locator("#trouble")).to_contain_text("データベースに接続できません")
    expect(page.locator("#seat-counts")).to_contain_text("使用中 15")
    expect(page.locator("#impressions-sentence")).to_contain_text("30日間の合計")


def test_the_page_says_that_the_server_is_gone_and_goes_on_when_it_is_back(page: Page, office: Any, serve: Any):
    (port,) = free_ports(1)
    with serve(office, port=port) as address:
        open_page(page, address)
        expect(page.locator("#connection-lost")).to_be_hidden()
    expect(page.locator("#connection-lost")).to_be_visible()
    with serve(office, port=port):
        expect(page.locator("#connection-lost")).to_be_hidden()
        office.play("take_seat", space="4f-s01", at=office.now)
        expect(page.locator("#seat-counts")).to_contain_text("使用中 16")


def test_the_page_is_legible_on_wide_and_narrow_screens(page: Page, settled_dashboard: str, tmp_path: Path):
    for width in (1440, 768):
        page.set_viewport_size({"width": width, "height": 900})
        open_page(page, settled_dashboard)
        within(page, width)
        assert page.evaluate(SMALLEST_TEXT_PX) >= 14
        expect(page.locator(".plan .sign")).to_have_count(48)
        for plan in page.locator(".plan").all():
            boxes = plan.locator(".sign").evaluate_all(SIGNS)
            assert [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if overlap(a, b)] == []
        page.screenshot(path=tmp_path / f"today-{width}.png", full_page=True)


def overlap(a: Any, b: Any) -> bool:
    """Whether two boxes share more than rounding."""
    across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
    down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
    return across > 1 and down > 1
