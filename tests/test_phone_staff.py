"""The phone app for those who keep a site, in a real Chromium: accounts, decisions, rules.

And the acceptance lines that need somebody beside the person with the booking. SHIGOTOBA_SCREENSHOTS may name a
directory; then each step of these tests leaves a picture there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from shigotoba_backend.accounts.roles import Role
from shigotoba_backend.bookings.using import check_in
from shigotoba_backend.bookings.values import Asker
from shigotoba_backend.jobs.tell import tell
from shigotoba_backend.jobs.witness import witness
from shigotoba_backend.settings import BackendSettings
from shigotoba_testing.access import complaints
from shigotoba_testing.booths import rules, see
from shigotoba_testing.desk import chromium
from shigotoba_testing.phone import PhoneOffice, phone_office
from shigotoba_wire.settings import Broker

pytestmark = [pytest.mark.browser, pytest.mark.integration]

SETTINGS = BackendSettings("", Broker("127.0.0.1", 1))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def office(database: str) -> Iterator[PhoneOffice]:
    with phone_office(database) as there:
        there.person("soumu", "総務 薫", Role.FACILITY)
        there.person("admin", "管理 光", Role.ORGANISATION_ADMIN)
        yield there


def look(page: Page, name: str) -> None:
    """The page breaks no rule of accessibility and is not wider than the phone."""
    assert complaints(page) == [], name
    if directory := os.environ.get("SHIGOTOBA_SCREENSHOTS"):
        page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)


def nobody_moves(office: PhoneOffice, minutes: int) -> None:
    """Time passes; the sensor of 3f-b1 goes on to see nobody, and the jobs look."""
    for _ in range(minutes):
        office.later(minutes=1)
        see(office.conn, office.now, False)
        witness(office.conn, SETTINGS, office.now)
    tell(office.conn, SETTINGS, office.now)


def test_who_sits_still_is_asked_and_stays_and_the_staff_look_before_anybody_does_more(
    office: PhoneOffice, browser: Browser
) -> None:
    booking = office.book("sato", "3f-b1", 0, 120)
    check_in(office.conn, Asker(office.people["sato"]), booking.booking_id, "phone", office.now)
    see(office.conn, office.now, False)
    nobody_moves(office, 15)
    page = office.page(browser, "sato")
    expect(page.get_by_text("まだ利用中ですか").first).to_be_visible()
    look(page, "12-asked")
    page.get_by_role("button", name="まだ使う").tap()
    expect(page.get_by_role("button", name="まだ使う")).to_have_count(0)
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    nobody_moves(office, 26)
    desk = office.page(browser, "soumu")
    desk.get_by_role("link", name="現地で確認してください").tap()
    expect(desk.get_by_text("佐藤 花子")).to_be_visible()
    look(desk, "12-desk")
    assert office.bookings() == [("3f-b1", "checked_in", office.people["sato"])]


def test_who_leaves_hands_the_bookings_over_and_the_account_is_closed_without_javascript(
    office: PhoneOffice, browser: Browser
) -> None:
    office.book("sato", "3f-b1", 60, 60)
    office.book("sato", "3f-b2", 24 * 60 * 3, 60)
    page = office.page(browser, "admin", "/me", java_script_enabled=False)
    page.get_by_role("link", name="アカウント管理").tap()
    page.get_by_role("link", name="佐藤 花子").tap()
    expect(page.get_by_text("3階ブース2")).to_be_visible()
    page.get_by_text("予約を引き継ぐ").tap()
    page.get_by_label("同僚のユーザー名").fill("suzuki")
    page.get_by_label("この日以降の予約").fill("2026-11-23")
    page.get_by_role("button", name="引き継ぐ").tap()
    expect(page.get_by_text("1件の予約を鈴木 一郎さんに引き継ぎました。")).to_be_visible()
    page.get_by_text("退職：アカウントの停止").tap()
    page.get_by_role("button", name="アカウントを停止する").tap()
    expect(page.get_by_role("cell", name="アカウントを停止")).to_be_visible()
    sato, suzuki = office.people["sato"], office.people["suzuki"]
    assert office.bookings() == [("3f-b1", "cancelled", sato), ("3f-b2", "held", suzuki)]
    theirs = office.page(browser, "suzuki", "/bookings")
    expect(theirs.get_by_role("link", name="3階ブース2")).to_be_visible()


def test_somebody_new_is_invited_and_the_pages_of_administrators_are_for_everybody(
    office: PhoneOffice, browser: Browser
) -> None:
    rules(office.conn, strikes_most=1, approval=True)
    office.book("sato", "3f-b1", 60, 60)
    page = office.page(browser, "admin", "/s/honcho/people")
    page.get_by_label("ユーザー名", exact=True).fill("tanaka")
    page.get_by_label("氏名", exact=True).fill("田中 三郎")
    page.get_by_role("button", name="アカウントと招待を作成する").tap()
    expect(page.get_by_label("招待のアドレス")).to_have_value(re.compile("/invitation/"))
    address = page.get_by_label("招待のアドレス").input_value()
    look(page, "accounts-person")
    for name in ("people", "rules", "desk", "closures"):
        page.goto(f"/s/honcho/{name}")
        look(page, name)
    page.get_by_label("理由（利用者に表示されます）").fill("空調の修理")
    page.get_by_role("button", name="影響する予約を確認する").tap()
    expect(page.get_by_role("heading", name="1件の予約に影響します")).to_be_visible()
    look(page, "closures-preview")
    page.get_by_role("button", name="を閉室にする").tap()
    expect(page.get_by_role("status")).to_contain_text("閉室にしました。")
    look(page, "closures-done")
    new = office.strange_phone(browser).new_page()
    new.goto(address)
    look(new, "invitation")
    new.get_by_label("新しいパスワード").fill("four plain words here")
    new.get_by_label("もう一度入力").fill("four plain words here")
    new.get_by_role("button", name="設定してサインインする").click()
    expect(new.get_by_role("heading", name="今すぐ使えるブース")).to_be_visible()
    new.goto(f"{office.address}/strikes")
    look(new, "strikes")
    new.get_by_role("button", name="English").click()
    expect(new.get_by_role("heading", name="No-shows and objections")).to_be_visible()
