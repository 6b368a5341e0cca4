"""The oracle over the whole product: a building's history, compared with its truth by the commands a person has."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from shigotoba_sim.settings import read_sim_settings
from shigotoba_sim.truth.log import read_table
from shigotoba_testing.product import HISTORY_DAYS, Demo
from shigotoba_testing.waiting import until

pytestmark = [pytest.mark.system, pytest.mark.promise]

JAPAN = ZoneInfo("Asia/Tokyo")


def lively_from(demo: Demo) -> datetime:
    return read_sim_settings(demo.home / "settings" / "sim.toml").lively_from


def test_without_faults_product_and_truth_agree_over_the_whole_history(demo: Demo, tmp_path: Path) -> None:
    until(demo.history_is_stored, what="the history")
    until(demo.rollups_are_done, what="the rollups of the history")
    until((demo.home / "state" / "past-bookings.taken.jsonl").exists, what="the bookings of the past")
    # The day of the start is left out on purpose: it began as history and went on through the devices.
    end = lively_from(demo).astimezone(JAPAN).date()
    span = ["--from", str(end - timedelta(days=HISTORY_DAYS - 1)), "--to", str(end)]
    backend = ["--settings", str(demo.home / "settings" / "backend.toml")]
    command = [sys.executable, "-m", "shigotoba_backend", "figures", *backend, *span, "--json"]
    figures = tmp_path / "figures.json"
    figures.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
    lines = [
        json.loads(line) for line in demo.sim("compare", *span, "--product-json", str(figures), "--json").splitlines()
    ]
    assert {line["verdict"] for line in lines} <= {"equal", "close"}
    for line in lines:
        if line["metric"] == "utilisation":
            assert abs(line["difference"]) < 0.5, line
    assert any(line["truth"] for line in lines if line["metric"] == "occupied")


def test_the_truth_log_stands_beside_the_run(demo: Demo) -> None:
    until(demo.history_is_stored, what="the history")
    lively = lively_from(demo)
    start = lively - timedelta(days=2)
    stays = read_table(demo.home / "state" / "sim" / "truth", "stays").filter(pl.col("end") > start).collect()
    spent = sum(
        (row["end"] - max(row["start"], start) for row in stays.to_dicts() if row["end"] <= lively), timedelta()
    )
    told = sum(space.occupied_s for space in demo.truth(start, lively).spaces)
    assert spent.total_seconds() == pytest.approx(told, abs=1)
