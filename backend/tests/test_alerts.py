"""Alerts and the operators' dashboard ask for what there is, in the way that fits it.

There is no promtool here: what it would not know either, which metrics the product has and with which labels, is
looked up in the catalogue; of the language only what decides between counters and gauges is looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from shigotoba_backend.metrics.catalogue import METRICS
from shigotoba_backend.metrics.serving import UP

ROOT = Path(__file__).parents[2]
LABELS = {each.name: set(each.labels) for each in METRICS} | {UP: set[str]()}
COUNTERS = {each.name for each in METRICS if each.kind == "counter"}
FOR_COUNTERS = {"rate", "irate", "increase"}
FOR_GAUGES = {"deriv", "delta", "idelta", "predict_linear", "changes"}
SEVERITIES = {"page", "ticket"}
BOOKS = {
    heading.lower().replace(" ", "-")
    for heading in re.findall(r"^## (.+)$", (ROOT / "docs/runbooks.md").read_text(encoding="utf-8"), re.MULTILINE)
}


class Query(NamedTuple):
    """A query and what is written around it."""

    where: str
    text: str
    around: str = ""

    @property
    def metrics(self) -> set[str]:
        return set(re.findall(r"shigotoba_\w+", self.text))

    @property
    def labels(self) -> set[str]:
        """Those that it groups by, selects by or that its words name."""
        listed = re.findall(r"\b(?:by|without|on|ignoring) \(([^)]*)\)", self.text)
        selected = re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", self.text)
        told = re.findall(r"\$labels\.(\w+)|\{\{(\w+)\}\}", self.around)
        return {label.strip() for each in listed for label in each.split(",")} | {*selected} | {a or b for a, b in told}


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def queries() -> Iterator[Query]:
    for rule in alerts():
        yield Query(rule["alert"], rule["expr"], rule["annotations"]["summary"])
    dashboard = json.loads((ROOT / "deploy/grafana/dashboards/shigotoba.json").read_text(encoding="utf-8"))
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield Query(panel["title"], target["expr"], target.get("legendFormat", ""))


EVERY = list(queries())


@pytest.mark.parametrize("query", EVERY, ids=lambda query: query.where)
def test_a_query_asks_for_metrics_and_labels_that_exist(query: Query) -> None:
    assert query.metrics
    assert query.metrics <= LABELS.keys()
    assert query.labels <= set[str]().union(*(LABELS[metric] for metric in query.metrics))


@pytest.mark.parametrize("query", EVERY, ids=lambda query: query.where)
def test_a_counter_is_asked_how_fast_it_grows_and_a_gauge_is_not(query: Query) -> None:
    """A gauge that falls would be a counter that began again: an increase that never was."""
    for function, metric in re.findall(r"(\w+)\((shigotoba_\w+)(?:\{[^}]*\})?\[", query.text):
        assert function in (FOR_COUNTERS if metric in COUNTERS else FOR_GAUGES), (function, metric)


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: rule["alert"])
def test_an_alert_says_how_urgent_it_is_and_names_a_run_book_that_exists(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in SEVERITIES
    assert re.fullmatch(r"\d+[smhd]", rule.get("for", "0s"))
    assert rule["annotations"]["runbook"].removeprefix("docs/runbooks.md#") in BOOKS
    assert rule["annotations"]["summary"].count("{{") == rule["annotations"]["summary"].count("}}")
    assert rule["expr"].count("(") == rule["expr"].count(")")


def test_no_alert_has_the_name_of_another() -> None:
    names = [rule["alert"] for rule in alerts()]
    assert len(names) == len(set(names)) > 5
