from __future__ import annotations

from dash import no_update

from shigotoba_dashboard.regions import paint, text_region, unchanged
from shigotoba_dashboard.words import words_in

JA = words_in("ja")
REGIONS = (
    text_region("seats", lambda view: view["seats"], lambda view, _words: f"{view['seats']} seats"),
    text_region("booths", lambda view: view["booths"], lambda view, _words: f"{view['booths']} booths"),
)


def test_a_new_page_gets_every_region():
    assert paint(REGIONS, {"seats": 1, "booths": 2}, JA, {}).values == ["1 seats", "2 booths"]


def test_a_region_whose_look_has_not_changed_is_left_alone():
    first = paint(REGIONS, {"seats": 1, "booths": 2}, JA, {})
    second = paint(REGIONS, {"seats": 1, "booths": 3}, JA, first.seen)
    assert second.values == [no_update, "3 booths"]


def test_what_was_seen_is_all_that_is_needed_to_go_on():
    view = {"seats": 1, "booths": 2}
    assert paint(REGIONS, view, JA, paint(REGIONS, view, JA, {}).seen).values == unchanged(REGIONS)
