"""Booking from the phone, in a real Chromium of 360 pixels: the acceptance lines of research/workplace.md, 6a.

SHIGOTOBA_SCREENSHOTS may name a directory; then each step of these tests leaves a picture there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from shigotoba_backend.bookings.notices import remind
from shigotoba_backend.bookings.policies import Scope, set_policy
from shigotoba_testing.booths import office as site
from shigotoba_testing.desk import chromium
from shigotoba_testing.phone import BOOTHS, PhoneOffice, phone_office

pytestmark = [pytest.mark.browser, pytest.mark.integration]

SMALLEST_TARGET_PX = 44


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def office(database: str) -> Iterator[PhoneOffice]:
    with phone_office(database) as there:
        yield there


def picture(page: Page, name: str) -> None:
    if directory := os.environ.get("SHIGOTOBA_SCREENSHOTS"):
        page.screenshot(path=Path(directory) / f"{name}.png")


def test_one_tap_books_what_is_free_now_with_one_thumb(office: PhoneOffice, browser: Browser) -> None:
    page = office.page(browser, "sato")
    picture(page, "1-home")
    button = page.get_by_role("button", name="予約 3階ブース1")
    assert button.evaluate("each => each.getBoundingClientRect().height") >= SMALLEST_TARGET_PX
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    button.tap()
    expect(page.get_by_text("予約しました：3階ブース1")).to_be_visible()
    picture(page, "1-booked")
    assert office.bookings() == [("3f-b1", "held", office.people["sato"])]
    page.get_by_role("button", name="チェックイン").tap()
    expect(page.locator("main").get_by_text("10:30–11:00")).to_be_visible()
    picture(page, "1-in-use")
    page.get_by_role("button", name="延長").tap()
    expect(page.locator("main").get_by_text("10:30–11:30")).to_be_visible()
    page.get_by_role("button", name="退出").tap()
    expect(page.get_by_role("heading", name="使い心地はいかがでしたか")).to_be_visible()
    picture(page, "17-left")
    page.get_by_role("button", name="とても良い").tap()
    expect(page.get_by_role("heading", name="自分の予約")).to_be_visible()
    assert office.conn.execute("SELECT score, votes FROM shigotoba.booth_rating").fetchall() == [(5, 1)]


def test_a_form_sent_twice_makes_one_booking(office: PhoneOffice, browser: Browser) -> None:
    page = office.page(browser, "sato")
    sent = page.locator("form[action$='/book']").first.evaluate("form => Object.fromEntries(new FormData(form))")
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": office.address}
    answers = [page.request.post("/s/honcho/book", form=sent, headers=headers, max_redirects=0) for _ in range(3)]
    assert [answer.status for answer in answers] == [303, 303, 303]
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(office.bookings()) == 1


def test_a_tap_that_leads_nowhere_can_be_tapped_again(office: PhoneOffice, browser: Browser) -> None:
    page = office.phone(browser, "sato", service_workers="block").new_page()
    page.clock.install()
    page.goto("/")
    page.route("**/book", lambda route: route.fulfill(status=204), times=1)
    button = page.get_by_role("button", name="予約 3階ブース1")
    button.tap()
    expect(button).to_have_attribute("aria-busy", "true")
    button.tap()
    assert office.bookings() == []
    page.clock.fast_forward(5000)
    expect(button).not_to_have_attribute("aria-busy", "true")
    button.tap()
    expect(page.get_by_text("予約しました：3階ブース1")).to_be_visible()


def test_time_first_shows_the_free_ones_and_the_nearest_when_there_are_none(
    office: PhoneOffice, browser: Browser
) -> None:
    office.book("suzuki", "3f-b1", 30, 60)
    page = office.page(browser, "sato", "/find?ask=1&day=2026-11-20&start=11:00&length=60")
    expect(page.get_by_text("7室空いています")).to_be_visible()
    expect(page.get_by_role("link", name="3階ブース1")).to_have_count(0)
    for number, booth in enumerate(BOOTHS[1:]):
        person = office.person(f"p{number}", f"職員{number}")
        assert person
        office.book(f"p{number}", booth, 30, 60)
    page.reload()
    expect(page.get_by_text("その時間に空いているブースはありません。")).to_be_visible()
    expect(page.get_by_role("heading", name="近い時間・場所の候補")).to_be_visible()
    picture(page, "2-nearest")
    page.get_by_role("button", name="空いたら知らせる").tap()
    expect(page.get_by_role("heading", name="空き待ち")).to_be_visible()


def test_booth_first_for_two_from_the_map_and_whole_days_are_given_back(office: PhoneOffice, browser: Browser) -> None:
    office.book("suzuki", "3f-b2", 0, 60)
    office.conn.execute("UPDATE shigotoba.space SET capacity = 2 WHERE code = '3f-b1'")
    page = office.page(browser, "sato", "/booths")
    said = "all => all.map(each => (each.ariaLabel ?? each.textContent).replace(/\\s+/g, ' ').trim())"
    drawn = page.locator("svg a").evaluate_all(said)
    listed = [f"{name} {sign[2:]}" for name, sign in zip(
        page.locator(".cards .name a").evaluate_all(said), page.locator(".cards .sign").evaluate_all(said), strict=True
    )]  # fmt: skip
    assert drawn == listed
    assert "3階ブース2 予約あり" in drawn
    picture(page, "0-map")
    page.get_by_role("link", name="3階ブース1 空き").tap()
    page.get_by_label("開始").fill("14:00")
    page.get_by_label("利用人数").select_option("2人")
    picture(page, "0-booth-first")
    page.get_by_role("button", name="予約", exact=True).tap()
    expect(page.get_by_text("予約しました：3階ブース1")).to_be_visible()
    expect(page.locator(".card").get_by_text("2人")).to_be_visible()
    office.book("sato", "3f-b3", 24 * 60 * 5, 60)
    page.goto("/bookings")
    page.get_by_text("期間を指定して取り消す").tap()
    page.get_by_label("開始").fill("2026-11-20")
    page.get_by_label("終了日（この日を含む）").fill("2026-11-24")
    picture(page, "22-whole-days")
    page.get_by_role("button", name="この期間の予約をすべて取り消す").tap()
    expect(page.get_by_role("link", name="3階ブース3")).to_be_visible()
    assert [state for _, state, owner in office.bookings() if owner == office.people["sato"]] == ["cancelled", "held"]


def test_somebody_on_a_trip_books_where_visitors_may_is_reminded_and_who_comes_too_late_is_offered_another(
    office: PhoneOffice, browser: Browser
) -> None:
    site(office.conn, site="branch")
    branch = "(SELECT site_id FROM shigotoba.site WHERE code = 'branch')"
    office.conn.execute(f"UPDATE shigotoba.person SET home_site_id = {branch} WHERE login = 'sato'")
    set_policy(office.conn, Scope("honcho", None, "3f-b1"), (None, None), {"visitors": False})
    page = office.page(browser, "sato", "/me")
    page.get_by_role("navigation", name="拠点").get_by_role("link", name="honcho").tap()
    expect(page.get_by_role("button", name="予約 3階ブース2")).to_be_visible()
    expect(page.get_by_role("button", name="予約 3階ブース1")).to_have_count(0)
    page.goto("/s/honcho/booths/3f-b1")
    page.get_by_role("button", name="予約", exact=True).tap()
    expect(page.get_by_role("alert")).to_contain_text("このブースは、その拠点の職員だけが使えます。")
    expect(page.get_by_role("button", name="予約 3階ブース2")).to_be_visible()
    picture(page, "24-not-for-visitors")
    page.goto("/find?ask=1&day=2026-11-20&start=11:30&length=60")
    page.get_by_role("button", name="予約 3階ブース2").tap()
    expect(page.get_by_text("予約しました：3階ブース2")).to_be_visible()
    office.later(minutes=50)
    remind(office.conn, office.now)
    page.goto("/")
    page.get_by_role("link", name="11:30から3階ブース2の予約があります。").tap()
    expect(page.get_by_role("button", name="チェックイン")).to_be_visible()
    picture(page, "10-reminded")
    office.later(minutes=20)
    page.get_by_role("button", name="チェックイン").tap()
    expect(page.get_by_role("alert")).to_contain_text("解放")
    expect(page.get_by_role("heading", name="近い時間・場所の候補")).to_be_visible()
    picture(page, "8-too-late")


def test_the_code_at_the_booth_checks_in_walks_in_or_says_until_when(office: PhoneOffice, browser: Browser) -> None:
    office.book("sato", "3f-b1", 10, 30)
    office.book("suzuki", "3f-b2", 0, 45)
    page = office.page(browser, "sato", "/b/honcho/3f-b1")
    page.get_by_role("button", name="チェックイン").tap()
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    page.get_by_role("button", name="退出").tap()
    expect(page.locator(".card .sign")).to_contain_text("終了")
    page.goto("/b/honcho/3f-b2")
    picture(page, "7-someone-elses")
    page.get_by_role("button", name="空いているブースを見る").tap()
    expect(page.get_by_role("alert")).to_contain_text("11:15まで")
    expect(page.get_by_role("heading", name="近い時間・場所の候補")).to_be_visible()
    picture(page, "7-refused")
    page.goto("/b/honcho/4f-b1")
    page.get_by_role("button", name="今すぐ使う").tap()
    expect(page.get_by_role("button", name="退出")).to_be_visible()


def test_without_network_nothing_is_claimed(office: PhoneOffice, browser: Browser) -> None:
    context = office.phone(browser, "sato")
    page = context.new_page()
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    context.set_offline(True)
    expect(page.get_by_text("最新ではありません")).to_be_visible()
    page.get_by_role("button", name="予約 3階ブース1").tap()
    expect(page.get_by_role("alert")).to_contain_text("反映されたかどうか分かりません")
    picture(page, "6-no-answer")
    page.goto("/booths")
    expect(page.get_by_role("alert")).to_contain_text("今は表示できません")
    context.set_offline(False)
    assert office.bookings() == []


def test_everything_works_without_javascript(office: PhoneOffice, browser: Browser) -> None:
    page = office.page(browser, "sato", java_script_enabled=False)
    page.get_by_role("link", name="探す").tap()
    page.get_by_label("開始").fill("14:00")
    page.get_by_role("button", name="空いているブースを表示").tap()
    page.get_by_role("button", name="予約 3階ブース2").tap()
    expect(page.get_by_text("予約しました")).to_be_visible()
    page.get_by_role("button", name="取り消す").tap()
    expect(page.get_by_text("予約はありません。")).to_be_visible()
    assert office.bookings() == [("3f-b2", "cancelled", office.people["sato"])]
    page.goto("/b/honcho/4f-b1")
    page.get_by_role("button", name="今すぐ使う").tap()
    page.get_by_role("button", name="延長").tap()
    expect(page.locator("main").get_by_text("10:30–12:00")).to_be_visible()
    page.get_by_role("button", name="退出").tap()
    expect(page.locator(".card .sign")).to_contain_text("終了")
    office.book("sato", "4f-b2", 10, 30)
    page.goto("/bookings")
    page.get_by_role("button", name="チェックイン").tap()
    expect(page.get_by_role("button", name="退出")).to_be_visible()


def test_a_peer_sees_that_a_booth_is_booked_and_not_by_whom(office: PhoneOffice, browser: Browser) -> None:
    office.book("suzuki", "3f-b1", 0, 60)
    page = office.page(browser, "sato", "/booths")
    row = page.get_by_role("listitem").filter(has_text="3階ブース1")
    expect(row.get_by_text("予約あり")).to_be_visible()
    page.goto("/s/honcho/booths/3f-b1")
    expect(page.get_by_text("予約あり").first).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("鈴木")
    page.get_by_role("button", name="English").tap()
    expect(page.get_by_text("Booked").first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_page_follows_what_others_do_and_nothing_moves_under_a_finger(
    office: PhoneOffice, browser: Browser
) -> None:
    page = office.page(browser, "sato")
    offers = page.locator(".offer")
    button = page.get_by_role("button", name="予約 3階ブース1").element_handle()
    office.book("suzuki", "3f-b3", 0, 60)
    expect(offers.filter(has_text="3階ブース3")).to_have_count(0)
    expect(offers).to_have_count(7)
    assert button.evaluate("each => each.isConnected")

    def answer_once_the_finger_is_down(route: Route) -> None:
        button.hover()
        page.mouse.down()
        route.continue_()

    office.person("tanaka", "田中 三郎")
    page.route(office.address + "/", answer_once_the_finger_is_down, times=1)
    with page.expect_response(office.address + "/"):
        office.book("tanaka", "3f-b1", 0, 60)
    page.mouse.up()
    expect(page.get_by_role("alert")).to_contain_text("ほかの人が予約しています")
    expect(page.get_by_role("heading", name="近い時間・場所の候補")).to_be_visible()


def test_a_series_shows_what_it_leaves_out_before_it_books(office: PhoneOffice, browser: Browser) -> None:
    office.book("suzuki", "3f-b1", 7 * 24 * 60, 60)
    page = office.page(browser, "sato", "/series?booth=3f-b1")
    page.get_by_label("土").uncheck()
    page.get_by_label("金").check()
    page.get_by_role("textbox", name="開始").fill("10:30")
    page.get_by_role("textbox", name="終了").fill("11:30")
    page.get_by_role("button", name="先に日程を確認する").tap()
    expect(page.get_by_text("4日のうち3日を予約できます。")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="11月27日")).to_contain_text("除外")
    picture(page, "22-series")
    page.get_by_role("button", name="3日分を予約する").tap()
    expect(page.get_by_role("heading", name="自分の予約")).to_be_visible()
    assert len(office.bookings()) == 4
