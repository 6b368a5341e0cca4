from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shigotoba_backend.read.now import FloorInfo, SpaceNow
from shigotoba_dashboard.floorplan import extent, floor_plan
from shigotoba_dashboard.states import State
from shigotoba_dashboard.words import words_in
from shigotoba_dashboard.written import written

FLOOR = FloorInfo("3f", "3階", "3F", 3)
metres = st.floats(min_value=-500, max_value=500)


def space(name: str, x: float, y: float, state: State = "vacant", kind: str = "seat") -> SpaceNow:
    return SpaceNow(name, name, "3f", kind, None, state, None, x, y)


@given(st.lists(st.tuples(metres, metres), min_size=1))
def test_every_sign_stands_inside_the_plan(spots: list[tuple[float, float]]):
    spaces = [space("s", x, y) for x, y in spots]
    ground = extent(spaces)
    assert all(0 <= ground.across(one) <= 1 and 0 <= ground.down(one) <= 1 for one in spaces)


def test_the_plan_is_named_by_what_it_shows():
    spaces = [
        space("1", 0, 0, "occupied"),
        space("2", 1, 0),
        space("3", 2, 0, "unknown"),
        space("b", 3, 0, kind="booth"),
    ]
    plan: Any = floor_plan(FLOOR, spaces, words_in("ja"))
    _heading, picture = plan.children
    assert picture.attributes["aria-label"] == "3階：使用中 1 / 空き 1 / 不明 1"


def test_a_sign_says_its_name_and_its_state_in_symbol_and_word_and_nothing_of_a_name_is_markup():
    drawn = floor_plan(FLOOR, [space("3階<b>&", 0, 0, "occupied"), space("2", 1, 0)], words_in("ja"))
    found: Any = written(drawn)
    assert found.inner.count('class="sign seat') == 2
    assert (
        '<div class="sign-name">&lt;b&gt;&amp;</div><span class="badge occupied"><span aria-hidden="true" '
        'class="symbol">●</span><span>使用中</span></span>'
    ) in found.inner


def test_a_floor_without_spaces_is_an_empty_plan():
    plan: Any = floor_plan(FLOOR, [], words_in("en"))
    assert plan.children[1].inner == ""
