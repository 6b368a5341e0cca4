"""What only stands on a page goes to the browser as HTML, and is exchanged without losing what the reader did."""

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
    assert (part.tag, part.attributes) == ("form", {"class": "c", "data-key": "k", "aria-label": "l"})
    assert part.inner == (
        '<label for="x">A &lt; B &amp; C</label><input name="n" type="hidden" value="&quot;v&quot;">'
        '<textarea name="t">&lt;1&gt;</textarea><div style="background-image: url(a)">7</div>'
    )


def test_a_place_that_is_filled_later_stays_a_component_and_so_does_what_it_stands_in() -> None:
    part: Any = written(html.Section([html.H2("Seats"), html.Div([live("seats", "…"), dcc.Store(id="seen")])]))
    heading, around = part.children
    assert isinstance(heading, Written)
    place, store = around.children
    assert (type(part), place.id, type(store)) == (html.Section, "seats", dcc.Store)


@pytest.mark.browser
def test_another_text_leaves_open_what_is_open_and_typed_what_is_typed() -> None:
    def part(number: int, key: str = "k") -> dict[str, Any]:
        inner = (
            f"<p>{number}</p><details><summary>fold</summary>in it</details><input aria-label=typed>"
            f"<input aria-label=keyed data-key={key}>"
        )
        return {"tag": "section", "attributes": {"class": f"c{number}"}, "inner": inner}

    with chromium() as browser, visit(browser) as context:
        page = context.new_page()
        page.set_content("<div id=place></div>")
        for name in REACT:
            page.add_script_tag(content=files("dash").joinpath("deps", name).read_text(encoding="utf-8"))
        page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"))
        page.evaluate(SHOW, part(1))
        page.get_by_text("fold").click()
        for label in ("keyed", "typed"):
            page.get_by_label(label).fill("mine")
        page.evaluate(SHOW, part(2, "other"))
        expect(page.locator("section.c2 p")).to_have_text("2")
        expect(page.get_by_text("in it")).to_be_visible()
        expect(page.get_by_label("typed")).to_have_value("mine")
        expect(page.get_by_label("typed")).to_be_focused()
        expect(page.get_by_label("keyed")).to_have_value("")
