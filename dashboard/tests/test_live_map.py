"""The map of now on フリーアドレス: how old it can be, and of which floor it is."""

from __future__ import annotations

import httpx2
import pytest

from shigotoba_dashboard import app
from shigotoba_dashboard.pages.seats import plan
from shigotoba_testing.desk import first_beat

ASK = "/dashboard/_dash-update-component"
#: What the page promises, in milliseconds.
PROMISED_MS = 5_000


def test_the_map_asks_often_enough_for_its_promise_and_leaves_half_of_it_for_the_way():
    oldest_answer_ms = 1_000 * app.NOW_FRESH_FOR_S
    assert plan.EVERY_MS + oldest_answer_ms <= PROMISED_MS / 2


@pytest.mark.integration
def test_the_chosen_floor_reaches_the_map_its_counts_and_its_list(settled_dashboard: str):
    with httpx2.Client(base_url=settled_dashboard) as browser:
        callbacks = browser.get("/dashboard/_dash-dependencies").json()
        whole, third = (
            browser.post(ASK, json=first_beat(callbacks, "plan-counts.children", floor)).json()["response"]
            for floor in (None, "3f")
        )
    assert "（全40席）" in str(whole["plan-counts"])
    assert "（全20席）" in str(third["plan-counts"])
    for region in ("plan-floors", "plan-list"):
        assert "4階" in str(whole[region])
        assert "3階" in str(third[region])
        assert "4階" not in str(third[region])
    assert "最終受信" in str(third["plan-list"])
