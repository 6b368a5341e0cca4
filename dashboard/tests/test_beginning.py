"""A page begins with one script and one style sheet, which a browser fetches once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from starlette.testclient import TestClient

from shigotoba_dashboard.app import build
from shigotoba_dashboard.settings import Settings

PRINT = files("shigotoba_dashboard").joinpath("assets/print.css")
LOADED = re.compile(r'(?:src|href)="(/dashboard/_beginning/[^"]+)"')


@pytest.fixture(scope="module")
def visitor() -> Iterator[TestClient]:
    """Somebody at a dashboard whose database nobody asks."""
    server = build(Settings("host=127.0.0.1 port=1", "honcho"), clock=lambda: datetime(2026, 11, 20, tzinfo=UTC))
    with TestClient(server) as client:
        yield client


def test_a_page_begins_with_two_files_that_are_kept_for_good(visitor: TestClient) -> None:
    document = visitor.get("/dashboard/").text
    assert document.count("<script src=") + document.count('rel="stylesheet"') == 2
    style, script = (visitor.get(path) for path in LOADED.findall(document))
    assert (style.headers["content-type"], script.headers["content-type"]) == (
        "text/css; charset=utf-8",
        "text/javascript; charset=utf-8",
    )
    for found in (style, script):
        assert found.headers["content-encoding"] == "gzip"
        assert "immutable" in found.headers["cache-control"]


def test_the_script_keeps_to_the_order_of_dash_and_has_no_polyfill(visitor: TestClient) -> None:
    _style, path = LOADED.findall(visitor.get("/dashboard/").text)
    script = visitor.get(path).text
    parts = (
        "react.production.min.js",
        "DashRenderer",
        "dash_core_components",
        "dash_html_components",
        "dash_clientside.house",
    )
    places = [script.index(part) for part in parts]
    assert places == sorted(places)
    assert "_babelPolyfill" not in script


def test_who_takes_nothing_compressed_gets_the_same(visitor: TestClient) -> None:
    _style, path = LOADED.findall(visitor.get("/dashboard/").text)
    plain = visitor.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == visitor.get(path).text


def test_print_has_the_last_word_on_style(visitor: TestClient) -> None:
    path, _script = LOADED.findall(visitor.get("/dashboard/").text)
    assert visitor.get(path).text.endswith(PRINT.read_text(encoding="utf-8"))


def test_a_file_of_another_version_is_not_there_and_is_not_kept(visitor: TestClient) -> None:
    gone = visitor.get("/dashboard/_beginning/look-0.css")
    assert (gone.status_code, gone.headers["cache-control"]) == (404, "no-store")
