"""What administrators and auditors use in a real browser: the floor plan editor, the settings, the log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from shigotoba_backend.accounts.keeping import NewPerson
from shigotoba_backend.accounts.roles import Grant, Role
from shigotoba_dashboard.settings import Settings
from shigotoba_testing.access import broken_rules
from shigotoba_testing.desk import LOOKS, visit, within
from shigotoba_testing.visitors import WEB, session_of

PLAN = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><script>window.stolen = 1</script>
<rect x="1" y="1" width="198" height="98" fill="none" stroke="#333" stroke-width="2"/><path d="M120 1v40M120 60v40"
stroke="#333"/><text x="10" y="92" font-size="6">執務室</text></svg>"""

pytestmark = [*LOOKS]


@pytest.fixture
def admin(office: Any, serve: Any, browser: Browser) -> Iterator[tuple[str, Page]]:
    """An address, and a page of somebody who administers the site."""
    settings = Settings(office.database, office.site, sign_in="offered", web_url=WEB)
    began = office.now - timedelta(hours=1)
    with psycopg.connect(office.database, autocommit=True) as conn:
        new = NewPerson("admin", "管理 光", office.site, grants=(Grant(Role.SITE_ADMIN), Grant(Role.AUDITOR)))
        secret = session_of(conn, new, began)
    with serve(office, settings=settings) as address, visit(browser) as context:
        context.add_cookies([{"name": "session", "value": secret, "url": address}])
        yield address, context.new_page()


def test_a_plan_is_drawn_with_keys_mouse_and_numbers_and_the_live_map_shows_it(
    admin: tuple[str, Page], office: Any, tmp_path: Path
):
    address, page = admin
    page.goto(f"{address}/dashboard/floor-plan?floor=3f")
    sign = page.locator(".plan-sign[aria-label^='3-01:']")
    expect(sign).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        {"name": "3f.svg", "mimeType": "image/svg+xml", "buffer": PLAN.encode()}
    )
    width, height = page.get_by_label("図の幅 (m)"), page.get_by_label("図の高さ (m)")
    expect(height).to_have_value(f"{float(width.input_value()) / 2:.1f}")
    width.fill("30")
    height.fill("15")
    row = page.locator(".plan-list tr", has_text="3-01")
    row.get_by_label("左から").fill("4")
    row.get_by_label("上から").fill("3")
    sign.focus()
    for key in ("ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(sign).to_have_attribute("aria-label", "3-01: 4.1 m, 4.0 m")

    other = page.locator(".plan-sign[aria-label^='3-02:']")
    before = str(other.get_attribute("aria-label"))
    other.drag_to(page.locator(".plan-map"), target_position={"x": 60, "y": 60})
    expect(other).not_to_have_attribute("aria-label", before)
    assert broken_rules(page) == []
    page.screenshot(path=tmp_path / "editor.png", full_page=True)

    page.get_by_role("button", name="このフロア図を保存").click()
    expect(page.locator("#said")).to_contain_text("保存しました。2026/11/20(金)から適用されます。")
    expect(page.locator(".versions a[aria-current]")).to_contain_text("2026/11/20(金)")

    page.goto(f"{address}/dashboard/seats?floor=3f")
    drawn = page.locator(".plan.drawn > div").first
    expect(drawn).to_have_attribute("style", re.compile("/dashboard/pictures/"))
    seat = page.locator(".plan.drawn .sign", has_text="01").first
    expect(seat).to_have_attribute("style", "left: 13.67%; top: 26.67%;")
    page.screenshot(path=tmp_path / "live.png", full_page=True)
    picture = page.request.get(f"{address}/dashboard/pictures/1")
    assert "sandbox" in picture.headers["content-security-policy"]
    assert "stolen" not in picture.text()


def test_a_device_is_moved_in_the_settings_and_the_log_says_so(admin: tuple[str, Page], tmp_path: Path):
    address, page = admin
    for part in ("places", "sections", "elsewhere"):
        page.goto(f"{address}/dashboard/settings?part={part}")
        expect(page.locator("h1")).to_have_text("設定")
        assert broken_rules(page) == []

    page.goto(f"{address}/dashboard/settings?part=devices&lang=en")
    form = page.locator("form", has_text="Move the device")
    form.locator("select[name=space]").select_option("3f-s01")
    form.get_by_label("From when on").fill("2026-11-19")
    form.get_by_role("button").click()
    expect(form.get_by_role("alert")).to_contain_text("That is past")
    expect(form.get_by_label("From when on")).to_have_value("2026-11-19")
    form.get_by_label("From when on").fill("2026-11-20 17:30")
    form.get_by_role("button").press("Enter")
    expect(page.locator("#said")).to_have_text("Saved.")
    expect(page.locator("#devices")).to_contain_text("2026-11-20 17:30")

    now = datetime.now(UTC).date()
    page.set_viewport_size({"width": 768, "height": 900})
    page.goto(f"{address}/dashboard/audit?from={now - timedelta(days=1)}&to={now + timedelta(days=1)}")
    expect(page.locator("#log")).to_contain_text("機器の移設")
    within(page, 768)
    page.screenshot(path=tmp_path / "audit-768.png", full_page=True)
    form = page.locator("form", has_text="氏名を表示")
    form.get_by_label("職員の番号").fill("1")
    form.get_by_label("理由").fill("点検")
    form.get_by_role("button").click()
    expect(page.locator("#said")).to_contain_text("職員 1 は 管理 光 さんです。")
    assert broken_rules(page) == []


A_RISE = """
INSERT INTO shigotoba.counter_hold (device_id, name, from_at, to_at, from_value, to_value, rise, cause)
SELECT device_id, name, %(at)s - interval '3 days', %(at)s, 4, 9004, 9000, 'long_gap'
FROM shigotoba.device CROSS JOIN unnest('{impressions_total,impressions_copy}'::text[]) AS name
WHERE device.code = (SELECT min(code) FROM shigotoba.device WHERE kind = 'mfp')"""


def test_a_held_rise_is_decided_with_keys_alone_and_leaves_the_page(
    admin: tuple[str, Page], office: Any, tmp_path: Path
):
    address, page = admin
    with psycopg.connect(office.database, autocommit=True) as conn:
        conn.execute(A_RISE, {"at": office.now})
    page.set_viewport_size({"width": 768, "height": 900})
    page.goto(f"{address}/dashboard/devices")
    held = page.locator("#held")
    expect(held.get_by_role("row")).to_have_count(3)
    expect(held).to_contain_text("9,000")
    assert broken_rules(page) == []
    within(page, 768)
    page.screenshot(path=tmp_path / "held-768.png", full_page=True)
    held.get_by_role("combobox").focus()
    page.keyboard.press("ArrowDown")
    expect(held.get_by_role("combobox")).to_have_value("release")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(held.get_by_role("alert")).to_contain_text("理由が必要です")
    held.get_by_label("理由").fill("代行印刷")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text("登録しました。数値は1分以内に変わります。")
    expect(held).to_have_count(0)
