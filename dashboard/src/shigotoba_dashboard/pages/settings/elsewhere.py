"""What is set elsewhere: accounts and booking rules in the web app.

Responsible for the ways there. Refuses to do the same twice.
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.pages.page import nothing
from shigotoba_dashboard.pages.settings.part import Part
from shigotoba_dashboard.parts import section
from shigotoba_dashboard.words import message

_PAGES: Final = (
    ("people", message("Accounts and roles"), message("Who may sign in, and what they may do.")),
    ("rules", message("Booking rules"), message("How long, how often and how far ahead booths can be booked.")),
    ("desk", message("Bookings and strikes"), message("Today's bookings, closing a booth, decisions on appeals.")),
)


def _draw(_view: None, filters: Filters) -> list[Component]:
    words = filters.words
    web = filters.visitor.door.partition("/sign-in")[0]
    items = [
        html.Li(
            [
                html.A(words.say(title), href=f"{web}/s/{filters.site}/{path}", target="_self"),
                html.Span(words.say(text), className="hint"),
            ]
        )
        for path, title, text in _PAGES
    ]
    return [section("elsewhere", words.say("Set in the web app"), [html.Ul(items, className="elsewhere")])]


PART: Final = Part("elsewhere", message("Accounts and booking rules"), nothing, _draw)
