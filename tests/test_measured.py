"""A figure that a page says was measured is the one that the bench has left beside it."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
STEP = "transaction alone, batches of 100"


def result(name: str) -> dict[str, Any]:
    return json.loads((ROOT / f"bench/results/{name}.json").read_text(encoding="utf-8"))


def per_cent(share: float) -> str:
    return f"{share * 100:.0f} %"


def ingest() -> list[str]:
    share, receipt = result("ingest")["share_of_copy"], result("ingest")["publish_to_receipt_ms"]
    one, two = (
        {size: per_cent(share[f"published, batches of {size}, {workers} worker(s)"]) for size in (1, 10, 100)}
        for workers in (1, 2)
    )
    per_s = result("ingest")["readings_per_s"]["published, batches of 100, 2 worker(s)"]
    memory = result("ingest")["worker_resident_mb"]
    resident = ", ".join(f"{each:.0f}" for each in memory["after_each"])
    grown = [
        f"{int(held):,} stored rows: the transaction at {per_cent(each[STEP] / each['copy'])} of COPY "
        f"({each[STEP]:,.0f} readings a second)"
        for held, each in result("ingest")["readings_per_s_by_stored_rows"].items()
    ]
    return [
        f"batches of 100, 1 worker | 14 % | {one[100]} |",
        f"| the same, 2 workers | 17 % | {two[100]} ({round(per_s, -2):,.0f} readings a second) |",
        f"| batches of 10, 1 and 2 workers | 5 %, 12 % | {one[10]}, {two[10]} |",
        f"| batches of 1, 1 and 2 workers | 2 %, 4 % | {one[1]}, {two[1]} |",
        f"| the transaction alone, batches of 100 | 30 % | {share['transaction alone, batches of 100'] * 100:.0f} to ",
        f"to {per_cent(share['executemany'])} |",
        f"median {receipt['p50']:.0f} ms, 90 % {receipt['p90']:.0f} ms, 99 % {receipt['p99']:.0f} ms",
        f"portions of {memory['readings_each']:,} readings: {resident} MB",
        *grown,
    ]


def query() -> list[str]:
    more = {"one device's raw day": " (1,440 readings)"}
    answers = result("query")["answers_ms"].items()
    return [f"| {question}{more.get(question, '')} | {ms:.0f} % |" for question, ms in answers]


def gateway() -> list[str]:
    ours = result("gateway")["gateway"]
    return [f"{ours['taken_per_s']:,.0f}", f"{ours['drained_per_s']:,.0f}", f"{result('gateway')['memory_mb']:.0f} MB"]


def simulator() -> list[str]:
    told = result("simulator")
    return [
        f"{told['year']['memory_over_first_week']:.2f} times that of the first",
        f"took {per_cent(told['load']['generator_share_of_cpu'])} of the processor time",
    ]


def dashboard() -> list[str]:
    told = result("dashboard")
    first, change = told["first_screen"], told["change_of_period"]
    return [
        *(f"| {per_cent(each['in_view_s'] / 2)} |" for each in first.values()),
        *(f"| {per_cent(median(each['in_view_s'] for each in changes) / 0.5)} |" for changes in change.values()),
        *(f"{ms:,.0f} ms" for ms in told["server_ms"].values()),
        f"wait {told['crowded_ms']['median'] / 1000:.1f} s in the middle and {told['crowded_ms']['last'] / 1000:.1f} s",
    ]


@pytest.mark.parametrize(
    ("page", "figures"),
    [
        ("capacity", ingest),
        ("capacity", query),
        ("capacity", dashboard),
        ("gateway", gateway),
        ("simulator", simulator),
    ],
    ids=lambda each: each if isinstance(each, str) else each.__name__,
)
def test_the_page_says_what_was_measured(page: str, figures: Any) -> None:
    text = " ".join((ROOT / f"docs/{page}.md").read_text(encoding="utf-8").split())
    assert [figure for figure in figures() if figure not in text] == []
