"""The effect of an initiative, on simulated months whose true effect is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest

from shigotoba_backend.effects.design import design, share_after
from shigotoba_backend.effects.estimating import effect_of
from shigotoba_backend.effects.model import Effect, Observation, Question
from shigotoba_backend.effects.words import words
from shigotoba_backend.indicators.periods import months_later
from shigotoba_backend.texts import texts_in

FIRST = date(2022, 4, 1)
SEEDS = range(60)


def deviations(rng: np.random.Generator, months: int, persistence: float, size: float) -> np.ndarray:
    kept = [rng.normal(0, size / np.sqrt(1 - persistence**2))]
    for _ in range(months - 1):
        kept.append(persistence * kept[-1] + rng.normal(0, size))
    return np.array(kept)


def season(months: int) -> np.ndarray:
    at = np.arange(months)
    return 8 * np.cos(2 * np.pi * at / 12) + 3 * np.sin(4 * np.pi * at / 12)


def observed(values: np.ndarray, first: date = FIRST) -> tuple[Observation, ...]:
    return tuple(Observation(months_later(first, n), float(value)) for n, value in enumerate(values))


def asked(
    values: np.ndarray, before: int, comparisons: Mapping[str, np.ndarray] | None = None, **more: object
) -> Effect:
    series = {scope: observed(each) for scope, each in (comparisons or {}).items()}
    return effect_of(Question(months_later(FIRST, before), observed(values), series, **more))


def simulated(seed: int, effect: float, persistence: float, months: int = 48, before: int = 30) -> Effect:
    rng = np.random.default_rng(seed)
    step = effect * (np.arange(months) >= before)
    return asked(50 + season(months) + deviations(rng, months, persistence, 2.0) + step, before)


@pytest.mark.parametrize("persistence", [0.0, 0.4])
def test_the_interval_holds_the_true_effect_about_as_often_as_it_promises(persistence: float) -> None:
    found = [simulated(seed, -6.0, persistence) for seed in SEEDS]
    held = sum(each.low <= -6.0 <= each.high for each in found) / len(found)
    assert 0.86 <= held <= 1.0
    assert abs(np.mean([each.estimate for each in found]) + 6.0) < 1.0


def test_where_nothing_happened_a_change_is_rarely_claimed() -> None:
    found = [simulated(seed, 0.0, 0.3) for seed in SEEDS]
    assert sum(each.verdict != "no_clear_change" for each in found) <= 0.12 * len(found)


def test_a_clear_effect_is_found_and_told_with_what_it_does_not_show() -> None:
    found = simulated(1, -12.0, 0.2)
    assert (found.verdict, found.method, found.season, found.trend) == ("fell", "before_and_after", True, True)
    assert found.cautions == ("no_comparison",)
    said = words(found, "Copies", "sheets", 1, texts_in("en"))
    assert said[0].startswith("Copies fell by about ")
    assert said[1] == "Compared: 30 months before and 18 months after, at the same place."
    assert said[2].startswith("There is no place without the change to compare with")
    assert words(found, "コピー", "枚", 1, texts_in("ja"))[0].startswith("コピーは約")


def test_what_happens_to_every_floor_is_not_taken_for_the_effect() -> None:
    covered = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        shared = season(24) + np.where(np.arange(24) >= 12, -20.0, 0.0) + rng.normal(0, 6, 24)
        floors = {f"floor:honcho/{n}f": 40 + shared + deviations(rng, 24, 0.3, 1.5) for n in (3, 4)}
        own = 45 + shared + deviations(rng, 24, 0.3, 1.5) + np.where(np.arange(24) >= 12, 4.0, 0.0)
        found = asked(own, 12, floors)
        assert found.method == "against_comparison"
        covered.append(found.low <= 4.0 <= found.high)
    assert sum(covered) >= 0.86 * len(covered)


def test_floors_that_were_moving_apart_before_are_pointed_out() -> None:
    rng = np.random.default_rng(4)
    drift = np.arange(24) * 1.0
    found = asked(40 + drift + rng.normal(0, 1, 24), 12, {"floor:honcho/4f": 40 + rng.normal(0, 1, 24)})
    assert "drifting_apart_before" in found.cautions


def test_a_month_with_many_holidays_is_not_a_success() -> None:
    months = [months_later(FIRST, n) for n in range(36)]
    days = {month: 15 + (n * 7) % 8 for n, month in enumerate(months)}
    rng = np.random.default_rng(2)
    per_day = 100 + rng.normal(0, 1, 36) - 10 * (np.arange(36) >= 24)
    totals = np.array([value * days[month] for value, month in zip(per_day, months, strict=True)])
    found = asked(totals, 24, open_days=days)
    assert found.per_open_day
    assert abs(found.estimate + 10) < 1.5
    assert found.per_cent == pytest.approx(-10, abs=1.5)
    assert "枚（開庁日1日当たり）" in words(found, "コピー", "枚", 0, texts_in("ja"))[0]


def test_a_month_in_which_it_began_counts_with_its_share() -> None:
    assert [share_after(date(2024, 4, 1), day) for day in (date(2024, 3, 9), date(2024, 4, 16), date(2024, 5, 1))] == [
        1.0,
        0.5,
        0.0,
    ]


@pytest.mark.parametrize(
    ("months", "before", "caution", "words_of_it"),
    [
        (20, 4, "too_few_before", "At least 6 months before are needed; there are 4."),
        (20, 18, "too_few_after", "At least 3 months after are needed; there are 2."),
    ],
)
def test_too_few_months_are_no_effect(months: int, before: int, caution: str, words_of_it: str) -> None:
    found = asked(np.random.default_rng(3).normal(50, 2, months), before)
    assert (found.verdict, found.estimate) == ("cannot_tell", None)
    assert caution in found.cautions
    said = words(found, "Copies", "sheets", 0, texts_in("en"))
    assert said[0] == "Nothing can be concluded about Copies yet."
    assert words_of_it in said


def test_gaps_estimates_and_other_initiatives_are_told() -> None:
    values = list(observed(np.random.default_rng(5).normal(50, 2, 20)))
    values[4] = Observation(values[4].first, None)
    values[6] = Observation(values[6].first, 51.0, estimate=True)
    found = effect_of(Question(months_later(FIRST, 10), tuple(values), {}, others=("席替え",)))
    assert {"months_missing", "estimates_within", "others_at_the_same_time", "season_not_separated"} <= set(
        found.cautions
    )
    assert any("席替え" in sentence for sentence in words(found, "x", "%", 1, texts_in("ja")))


def test_nothing_known_and_nothing_varying_are_said_plainly() -> None:
    assert effect_of(Question(FIRST, (), {})).verdict == "cannot_tell"
    assert asked(np.full(30, 5.0), 15).cautions[0] == "not_varying"
    assert design(Question(FIRST, (Observation(FIRST, None),), {})) is None
