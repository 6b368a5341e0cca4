"""What only stands on a page goes to the browser as HTML, and is written there once."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from dash import dcc, html
from playwright.sync_api import expect

from shigotoba_dashboard.parts import aria, live
from shigotoba_dashboard.written import Written, written
from shigotoba_testing.desk import chromium, visit

REACT = ("react@18.3.1.min.js", "react-dom@18.3.1.min.js")
SCRIPT = files("shigotoba_dashboard").joinpath("assets/written.js")
SHOW = """(part) => {
    window.root = window.root || ReactDOM.createRoot(document.getElementById("place"));
    window.root.render(React.createElement(shigotoba_dashboard.Written, part));
}"""


def test_names_texts_and_values_are_written_as_html_has_them() -> None:
    part: Any = written(
        html.Form(
            [
                html.Label("A < B & C", htmlFor="x"),
                dcc.Input(type="hidden", name="n", value='"v"'),
                dcc.Textarea(name="t", value="<1>"),
                html.Div([None, 7], style={"backgroundImage": "url(a)"}, hidden=False),
            ],
            className="c",
            key="k",
            **aria(label="l"),
        )
    )
    assert (part.tag, part.attributes) == ("form", {"class": "c", "aria-label": "l"})
    assert part.inner == (
        '<label for="x">A &lt; B &amp; C</label><input name="n" type="hidden" value="&quot;v&quot;">'
        '<textarea name="t">&lt;1&gt;</textarea><div style="background-image: url(a);">7</div>'
    )


def test_a_place_that_is_filled_later_stays_a_component_and_so_does_what_it_stands_in() -> None:
    part: Any = written(html.Section([html.H2("Seats"), html.Div([live("seats", "…"), dcc.Store(id="seen")])]))
    heading, around = part.children
    assert isinstance(heading, Written)
    place, store = around.children
    assert (type(part), place.id, type(store)) == (html.Section, "seats", dcc.Store)


@pytest.mark.browser
def test_the_browser_writes_it_and_writes_it_anew_when_it_is_another() -> None:
    def part(number: int, **more: str) -> dict[str, Any]:
        return {"tag": "section", "attributes": {"class": f"c{number}", **more}, "inner": f"<p>{number} &lt; 9</p>"}

    with chromium() as browser, visit(browser) as context:
        page = context.new_page()
        page.set_content("<div id=place></div>")
        for name in REACT:
            page.add_script_tag(content=files("dash").joinpath("deps", name).read_text(encoding="utf-8"))
        page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"))
        page.evaluate(SHOW, part(1, lang="en"))
        expect(page.locator("section.c1[lang=en] p")).to_have_text("1 < 9")
        page.evaluate(SHOW, part(2))
        expect(page.locator("section.c2:not([lang]) p")).to_have_text("2 < 9")
