"""``compare`` on the command line: what it prints, and its exit status.

Responsible for putting truth, product and report together. Refuses to ask the backend itself.
"""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta

import msgspec
import polars as pl

from shigotoba_sim.clock import midnight_ms
from shigotoba_sim.commands import CommandLog
from shigotoba_sim.compare.bookings import Name
from shigotoba_sim.compare.gather import Comparison
from shigotoba_sim.compare.metrics import Line
from shigotoba_sim.compare.product import read_product
from shigotoba_sim.compare.report import text_of
from shigotoba_sim.faces.asking import ACCEPTED
from shigotoba_sim.plan.diary import AGREEING, deeds_of
from shigotoba_sim.plan.inputs import inputs_of
from shigotoba_sim.plan.plan import Plan
from shigotoba_sim.plan.timeline import Timeline
from shigotoba_sim.settings import SimSettings
from shigotoba_sim.truth.log import read_table
from shigotoba_wire.errors import SettingsError

DIFFERS = 1


def compare(settings: SimSettings, given: argparse.Namespace) -> int:
    """Print the comparison; 1 if something differs and no coverage explains it.

    Raises:
        SettingsError: The days make no sense, or the product's figures cannot be used.
    """
    if given.end <= given.first:
        raise SettingsError(f"--to {given.end} is not later than --from {given.first}. Name at least one whole day.")
    last = given.end - timedelta(days=1)
    product = read_product(given.product_json, settings.site, given.first, last) if given.product_json else None
    inputs = inputs_of(settings)
    log = CommandLog(settings.commands, inputs.place, settings.lively_ms)
    timeline = Timeline(Plan(inputs), log.new())
    refused = _refused(settings, timeline, midnight_ms(given.end))
    comparison = Comparison(timeline, inputs, product, refused)
    lines = _Watched(comparison, given)
    for text in map(_json, lines) if given.json else text_of(lines, every_space=given.every_space):
        sys.stdout.write(text + "\n")
    return DIFFERS if lines.differ else 0


def _refused(settings: SimSettings, timeline: Timeline, end_ms: int) -> frozenset[Name]:
    """Bookings and wishes of the live building that the product did not accept as they are, so far as is written."""
    answers = read_table(settings.state / "truth", "answers").filter(
        pl.col("status").is_in(ACCEPTED), pl.col("code") == ""
    )
    accepted = set(answers.select("did", "space", pl.col("start").dt.epoch("ms"), "person").collect().iter_rows())
    span = (settings.lively_ms, max(end_ms, settings.lively_ms))
    return frozenset(
        about.name
        for about in (*timeline.bookings(*span), *timeline.wishes(*span))
        if any(deed.did in AGREEING and (deed.did, *about.name) not in accepted for deed in deeds_of(about))
    )


class _Watched:
    """The lines as they pass by, remembering whether any differs."""

    def __init__(self, comparison: Comparison, given: argparse.Namespace) -> None:
        self._lines = comparison.lines(given.first, given.end)
        self.differ = False

    def __iter__(self) -> _Watched:
        return self

    def __next__(self) -> Line:
        line = next(self._lines)
        self.differ = self.differ or line.verdict == "differs"
        return line


def _json(line: Line) -> str:
    told = msgspec.structs.asdict(line) | {"difference": line.difference}
    return msgspec.json.encode(told).decode()
