"""Every page of the house in a real browser: reachable for everybody, within its window, and within its own policy.

One visit for each language, in which pages are exchanged as links exchange them: a page costs what it costs to draw.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from importlib.resources import files
from io import BytesIO
from typing import Any

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from pypdf import PdfReader

from shigotoba_backend.accounts.audit import COMMAND
from shigotoba_backend.accounts.keeping import NewPerson
from shigotoba_backend.accounts.roles import Grant, Role
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.plans.cards import read_programmes
from shigotoba_backend.plans.keeping import import_programme
from shigotoba_dashboard.pages import PAGES
from shigotoba_dashboard.settings import Settings
from shigotoba_dashboard.words import Language, words_in
from shigotoba_testing.access import broken_rules
from shigotoba_testing.desk import LOOKS, drawn, turn_to, visit, within
from shigotoba_testing.visitors import WEB, session_of

pytestmark = [*LOOKS]

#: In English the same parts stand on a page: one of each kind (cards, a page that follows, the editor) is looked at.
WALKS: dict[Language, tuple[str, ...]] = {"ja": tuple(PAGES), "en": ("", "today", "floor-plan")}
#: What the addresses of some pages say besides.
ASKED = {
    "seats": "floor=3f",
    "space": "space=3f-s05",
    "settings": "part=calendar",
    "floor-plan": "floor=3f",
    "paper": "figure=copies",
}
#: What a page draws only after its content is there.
LATER = {
    "today": ["#seat-counts", "#booth-cards .card", "#occupancy-figure .xtick", "#fax-figure .xtick"],
    "seats": [".plan .sign"],
    "floor-plan": [".plan-sign"],
}


#: In points.
A4_ACROSS = (842, 595)
#: In pixels: 297 mm less 12 mm on either side.
BETWEEN_MARGINS = 1032
LINES_OF_THE_GAP = """line => {
    line.textContent = "△ 目標 75.0%、あと34.2ポイント";
    const gap = document.createRange();
    gap.setStart(line.firstChild, line.textContent.indexOf("あと"));
    gap.setEndAfter(line.firstChild);
    return gap.getClientRects().length;
}"""
"""Writes what stands there of a target that is not reached, and counts the lines of what is left to it."""


@pytest.fixture(scope="module")
def programme(settled_office: Any) -> str:
    """The address of a card of a programme that has been brought."""
    found = read_programmes(files("shigotoba_backend.reference").joinpath("programmes.toml").read_bytes(), REGISTRY)[0]
    with psycopg.connect(settled_office.database) as conn:
        import_programme(conn, "main", found, COMMAND, settled_office.now)
    return f"programme={found.code}&initiative={found.cards[0].code}"


@pytest.fixture(scope="module")
def signed_in(settled_office: Any, serve: Any, browser: Any) -> Iterator[tuple[str, BrowserContext]]:
    """An address, and a visitor who may open every page."""
    settings = Settings(settled_office.database, "honcho", sign_in="offered", web_url=WEB)
    began = settled_office.now - timedelta(hours=1)
    with psycopg.connect(settled_office.database, autocommit=True) as conn:
        new = NewPerson("admin", "管理 光", "honcho", grants=(Grant(Role.SITE_ADMIN), Grant(Role.AUDITOR)))
        secret = session_of(conn, new, began)
    with serve(settled_office, settings=settings) as address, visit(browser) as context:
        context.add_cookies([{"name": "session", "value": secret, "url": address}])
        yield address, context


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_can_be_used_by_everybody_fits_and_keeps_to_its_policy(
    signed_in: tuple[str, BrowserContext], programme: str, language: Language
):
    address, context = signed_in
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/dashboard/devices?lang={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    drawn(page)
    for each in (PAGES[path] for path in WALKS[language]):
        asked = {**ASKED, "initiative": programme}.get(each.path, "")
        there = f"/dashboard/{each.path}?lang={language}&{asked}"
        turn_to(page, there, words_in(language).say(each.title))
        assert complaints(page, each.path) == [], f"{there}: {said}"
    refused = [text for text in said if "Content Security Policy" in text or "EvalError" in text]
    page.close()
    assert refused == []


def test_a_number_on_a_card_is_not_parted_from_its_unit_at_1280_pixels(signed_in: tuple[str, BrowserContext]):
    address, context = signed_in
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{address}/dashboard/")
    drawn(page)
    line = page.locator(".answer .beside li").first
    expect(line).not_to_be_empty()
    assert line.evaluate(LINES_OF_THE_GAP) == 1
    page.close()


def test_the_library_of_charts_comes_while_a_page_that_draws_them_is_awaited(signed_in: tuple[str, BrowserContext]):
    address, context = signed_in
    page = context.new_page()
    unanswered: list[Route] = []

    def hold(question: Route) -> None:
        unanswered.append(question)

    page.route("**/_dash-update-component", hold)
    with page.expect_request("**/plotly-basic.min.js"):
        page.goto(f"{address}/dashboard/paper")
    page.unroute("**/_dash-update-component")
    for question in unanswered:
        question.continue_()
    drawn(page)
    page.close()


def test_pages_print_on_a4_across_with_their_folded_tables_and_nothing_beyond_the_margin(
    signed_in: tuple[str, BrowserContext],
):
    address, context = signed_in
    page = context.new_page()
    page.goto(f"{address}/dashboard/devices")
    drawn(page)
    for path, title, told in (("", "概況", "座席利用率"), ("booths", "ブース", "2026-10")):
        turn_to(page, f"/dashboard/{path}", title)
        sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
        assert {(round(sheet.mediabox.width), round(sheet.mediabox.height)) for sheet in sheets} == {A4_ACROSS}
        assert told in unicodedata.normalize("NFKC", "".join(sheet.extract_text() for sheet in sheets))
        expect(page.locator("#page details[open]")).to_have_count(0)
        page.emulate_media(media="print")
        page.evaluate("for (const each of document.querySelectorAll('#page details.folded')) each.open = true")
        page.set_viewport_size({"width": BETWEEN_MARGINS, "height": 700})
        within(page, BETWEEN_MARGINS)
        page.emulate_media(media="screen")
    page.close()


def complaints(page: Page, path: str) -> list[str]:
    """What axe has to say with everything opened; the page has to fit into a tablet's width besides."""
    for part in LATER.get(path, []):
        expect(page.locator(part).first).not_to_be_empty()
    page.evaluate("for (const each of document.querySelectorAll('#page details')) each.open = true")
    broken = broken_rules(page)
    page.set_viewport_size({"width": 768, "height": 900})
    within(page, 768)
    page.set_viewport_size({"width": 1440, "height": 900})
    return broken
