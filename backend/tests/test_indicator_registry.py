"""The registry: complete, consistent, and what docs/indicators.md says."""

from __future__ import annotations

from pathlib import Path

import pytest

from shigotoba_backend.indicators.model import Indicator
from shigotoba_backend.indicators.page import page
from shigotoba_backend.indicators.registry import REGISTRY, TELEMETRY
from shigotoba_backend.indicators.telemetry.series import SERIES

PUBLISHED = Path(__file__).parents[2] / "docs" / "indicators.md"


def test_the_published_dictionary_is_what_the_registry_says():
    assert PUBLISHED.read_text(encoding="utf-8") == page(), "write it again: make docs"


def test_telemetry_feeds_every_indicator_that_says_so():
    assert {each.key for each in TELEMETRY if each.measure != "change"} == set(SERIES)


@pytest.mark.parametrize("each", REGISTRY.values(), ids=lambda each: each.key)
def test_an_indicator_is_told_in_both_languages_with_its_formula(each: Indicator):
    assert all([each.name, each.name_en, each.definition, each.definition_en, each.formula, each.unit, each.bases])
    assert each.definition.endswith("。")
    assert each.definition_en.endswith(".")


@pytest.mark.parametrize("each", [each for each in REGISTRY.values() if each.measure == "change"], ids=lambda e: e.key)
def test_a_change_compares_an_indicator_of_the_same_scopes_and_family(each: Indicator):
    of = REGISTRY[each.of]
    assert set(each.scopes) <= set(of.scopes)
    assert (each.small_cells, each.source, each.unit) == (of.small_cells, of.source, "%")
