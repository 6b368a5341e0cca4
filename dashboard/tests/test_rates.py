from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from shigotoba_dashboard.rates import utilisation


@dataclass(frozen=True)
class Use:
    occupied_s: float | None
    known_s: float


seconds = st.floats(min_value=0, max_value=86_400)


@st.composite
def uses(draw: st.DrawFn) -> Use:
    known_s = draw(seconds)
    return Use(draw(st.floats(min_value=0, max_value=known_s)) if known_s else None, known_s)


def test_a_rate_is_occupied_over_known_time():
    rate = utilisation([Use(900, 1800), Use(0, 1800)], spaces=2, elapsed_s=3600)
    assert rate.share == 0.25
    assert rate.coverage == 0.5


def test_a_dead_sensor_leaves_the_denominator_and_lowers_the_coverage():
    alone = utilisation([Use(900, 3600)], spaces=1, elapsed_s=3600)
    beside_a_dead_one = utilisation([Use(900, 3600), Use(None, 0)], spaces=2, elapsed_s=3600)
    assert beside_a_dead_one.share == alone.share
    assert beside_a_dead_one.coverage == 0.5


def test_a_rate_over_nothing_is_not_known():
    nothing = utilisation([], spaces=0, elapsed_s=0)
    assert nothing.share is None
    assert nothing.coverage is None


@given(st.lists(uses(), min_size=1), st.floats(min_value=0, max_value=86_400))
def test_rates_are_shares(found: list[Use], elapsed_s: float):
    rate = utilisation(found, len(found), elapsed_s)
    assert rate.share is None or 0 <= rate.share <= 1
    assert rate.coverage is None or 0 <= rate.coverage <= 1
