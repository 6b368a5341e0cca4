"""What axe has to say about a page, and whether a phone of 360 pixels shows all of it.

Only violations are asked for and brought over: listing what is right takes longer than looking for what is wrong.
"""

from __future__ import annotations

import json
from functools import cache

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE_PX = 360
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OPTIONS = json.dumps({"runOnly": _TAGS, "resultTypes": ["violations"]})
_RUN = f"axe.run({_OPTIONS}).then(told => told.violations.map(each => `${{each.id}}: ${{each.nodes[0].html}}`))"


@cache
def _axe() -> str:
    return Axe().axe_script


def broken_rules(page: Page) -> list[str]:
    """Rules of accessibility that the page breaks, each with the first place."""
    page.evaluate(_axe())
    return page.evaluate(_RUN)


def complaints(page: Page) -> list[str]:
    """The same, and whether the page is wider than the phone."""
    wide = page.evaluate("document.documentElement.scrollWidth") > PHONE_PX
    return broken_rules(page) + (["wider than the phone"] if wide else [])
