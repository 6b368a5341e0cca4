"""The ways to other pages, other sites and the other language; each keeps what has been chosen.

A link with a target is followed by the browser, which loads everything anew; the others change the page in place
(``assets/house.js``).

Responsible for these links, and for the way in and out. Refuses to decide who may go where: the visitor says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from shigotoba_dashboard.filters import Filters, Places
from shigotoba_dashboard.formats import name_of
from shigotoba_dashboard.pages import PAGES
from shigotoba_dashboard.pages.page import Page
from shigotoba_dashboard.parts import aria
from shigotoba_dashboard.paths import SIGN_OUT_PATH
from shigotoba_dashboard.words import LANGUAGES, Language

LANGUAGE_NAMES: Final[dict[Language, str]] = {"ja": "日本語", "en": "English"}


def menu(here: Page[Any], filters: Filters) -> Component:
    """Links to the pages that the visitor may see."""
    open_to = [page for page in PAGES.values() if page.menu and filters.may(page.needs)]
    links = [html.Li(_page_link(page, here, filters)) for page in open_to]
    return html.Nav(html.Ul(links), className="pages", **aria(label=filters.words.say("Pages")))


def _page_link(page: Page[Any], here: Page[Any], filters: Filters) -> Component:
    title = filters.words.say(page.title)
    current = aria(current="page") if page is here else {}
    return html.A(title, href=replace(filters, more=()).address(page.path), **current)


def site_links(here: Page[Any], filters: Filters) -> Component:
    """Links to the same page of other sites, where there are any."""
    words, sites = filters.words, filters.places.sites
    if len(sites) < 2:
        return html.Div()
    links = [_site_link(replace(filters.places, site=site), here, filters) for site in sites]
    return html.Nav(html.Ul(links), className="sites", **aria(label=words.say("Sites")))


def _site_link(places: Places, here: Page[Any], filters: Filters) -> Component:
    name = name_of(places.site, filters.words)
    if places.site.code == filters.site:
        return html.Li(html.Span(name, **aria(current="true")))
    there = replace(filters, places=places, floor=None, more=())
    return html.Li(html.A(name, href=there.address(here.path), target="_self"))


def language_links(here: Page[Any], filters: Filters) -> Component:
    """The same page in the other language."""
    return html.Nav(
        [_language_link(language, here, filters) for language in LANGUAGES],
        className="languages",
        **aria(label=filters.words.say("Language")),
    )


def _language_link(language: Language, here: Page[Any], filters: Filters) -> Component:
    if language == filters.language:
        return html.Span(LANGUAGE_NAMES[language], lang=language, **aria(current="true"))
    there = replace(filters, language=language)
    return html.A(
        LANGUAGE_NAMES[language], href=there.address(here.path), lang=language, hrefLang=language, target="_self"
    )


def visitor_links(here: Page[Any], filters: Filters) -> list[Component]:
    """The way in; for who is in, their own name and the way out. Nothing where nobody signs in."""
    words, visitor = filters.words, filters.visitor
    if not visitor.door:
        return []
    label = words.say("Signing in and out")
    if visitor.person_id is None:
        back = quote(filters.address(here.path))
        link = html.A(words.say("Sign in"), href=f"{visitor.door}{back}", target="_self", className="sign-in")
        return [html.Nav(link, className="visitor", **aria(label=label))]
    leave = html.Button(words.say("Sign out"), type="submit", className="plain")
    form = html.Form(leave, action=SIGN_OUT_PATH, method="POST")
    name = html.Span(words.say("{name} is signed in", name=visitor.name))
    return [html.Nav([name, form], className="visitor", **aria(label=label))]
