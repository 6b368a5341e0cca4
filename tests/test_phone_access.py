"""The phone app for everybody: screen readers, keyboard, large text, small data plans."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from shigotoba_backend.phone.door import door_link
from shigotoba_testing.access import PHONE_PX, broken_rules, complaints
from shigotoba_testing.desk import chromium
from shigotoba_testing.phone import PhoneOffice, phone_office

pytestmark = [pytest.mark.browser, pytest.mark.integration]

FIRST_VISIT_BYTES = 100_000
SMALLEST_TARGET_PX = 44
PAGES = (
    "/",
    "/find?ask=1",
    "/booths",
    "/s/honcho/booths/3f-b1",
    "/b/honcho/3f-b1",
    "/bookings",
    "/series",
    "/seats",
    "/colleagues",
    "/me",
    "/strikes",
    "/offline",
    "/offline/sent",
    "/nowhere",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def office(database: str) -> Iterator[PhoneOffice]:
    with phone_office(database) as there:
        there.book("sato", "3f-b1", 0, 60)
        there.book("suzuki", "3f-b2", 0, 60)
        yield there


def test_every_page_is_for_everybody_fits_the_phone_and_bears_text_of_twice_the_size(
    office: PhoneOffice, browser: Browser
) -> None:
    page = office.phone(browser, "sato").new_page()
    found = {}
    for path in PAGES:
        page.goto(path)
        if wrong := complaints(page) + too_small(page) + cut_off_at_twice_the_size(page):
            found[path] = wrong
    assert found == {}


def too_small(page: Page) -> list[str]:
    """What is tapped and is lower than a thumb."""
    fields = ".tick, input:not([type=checkbox]):visible, select:visible"
    seen = page.locator(f"button:visible, .bar a, .choices a, .card .name a, summary, {fields}")
    heights = seen.evaluate_all("all => all.map(each => [each.outerHTML, each.getBoundingClientRect().height])")
    return [html for html, height in heights if height < SMALLEST_TARGET_PX]


def cut_off_at_twice_the_size(page: Page) -> list[str]:
    """What larger text makes wider than the phone, or hides."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    cut = "each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflow !== 'visible'"
    hidden = page.locator("main *:not(.heard)").evaluate_all(f"all => all.filter({cut}).map(each => each.outerHTML)")
    wide = page.evaluate("document.documentElement.scrollWidth") > PHONE_PX
    return hidden + (["wider than the phone at 200 %"] if wide else [])


def test_a_stranger_meets_an_accessible_sign_in(office: PhoneOffice, browser: Browser) -> None:
    page = office.strange_phone(browser).new_page()
    page.goto("/bookings")
    assert broken_rules(page) == []
    expect(page.get_by_label("ユーザー名")).to_have_attribute("autocomplete", "username")
    expect(page.get_by_label("パスワード")).to_have_attribute("autocomplete", "current-password")


def test_the_keyboard_alone_books_a_booth(office: PhoneOffice, browser: Browser) -> None:
    office.person("tanaka", "田中 三郎")
    page = office.page(browser, "tanaka")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="本文へ移動")).to_be_focused()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("(document.activeElement.form?.action ?? '').endsWith('/book')"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("予約しました")).to_be_visible()


def test_every_state_has_a_shape_and_a_word_and_times_are_spoken(office: PhoneOffice, browser: Browser) -> None:
    page = office.page(browser, "sato", "/booths")
    expect(page.locator(".sign").filter(has_text="予約あり").first).to_have_text("◇ 予約あり")
    expect(page.locator(".sign").filter(has_text="空き").first).to_have_text("○ 空き")
    page.goto("/bookings")
    expect(page.locator(".heard").filter(has_text="10時30分から11時30分まで")).to_have_count(1)


def test_the_first_visit_costs_less_than_a_hundred_kilobytes(office: PhoneOffice, browser: Browser) -> None:
    page = office.phone(browser, "sato").new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto("/", wait_until="networkidle")
    assert sizes
    assert sum(sizes) <= FIRST_VISIT_BYTES


def test_the_door_display_needs_no_sign_in_and_shows_no_name(office: PhoneOffice, browser: Browser) -> None:
    secret = door_link(office.conn, "honcho", "3f-b1", office.now)
    page = office.strange_phone(browser, viewport={"width": 800, "height": 600}).new_page()
    page.goto(f"/door/{secret}")
    expect(page.get_by_text("予約あり")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("佐藤")
    assert broken_rules(page) == []
    assert page.goto("/door/made-up").status == 404
