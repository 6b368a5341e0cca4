"""What public bodies have published: value, base, basis and source, as published.

``published_figures.csv`` comes from the source documents; ``published_more.csv`` from Tokyo's progress pages.
``keys.csv`` says which indicator each belongs to and whether it is a value or a target. ``inputs.csv`` holds the
amounts behind some of the percentages, with a note where they are derived rather than published.
``in_japanese.csv`` has the Japanese of notes, units and periods in words.

Responsible for reading these. Refuses to compute: two published figures on different bases are never joined.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import msgspec

FIGURE_FILES: Final = ("published_figures.csv", "published_more.csv")


class Source(msgspec.Struct, frozen=True):
    """A document. ``published`` is a year or a date."""

    source: str
    title: str
    publisher: str
    published: str


class PublishedFigure(msgspec.Struct, frozen=True):
    """A figure as published.

    Attributes:
        source: Which document.
        organisation: Who published it.
        indicator_ja: What it was called.
        indicator_en: The same in English.
        period: When it is from, in the notation of ``Period`` where it names one.
        value: Per cent as per cent.
        unit: Of the value.
        base_period: What it is compared with; empty for nothing.
        basis: How it is told: fiscal_year, single_month, same_month, fiscal_year_to_date, survey, target and so on.
        scope_or_note: What it covers.
        key: The indicator it belongs to; empty where there is none.
        role: Whether it is a value or a target.
    """

    source: str
    organisation: str
    indicator_ja: str
    indicator_en: str
    period: str
    value: float
    unit: str
    base_period: str
    basis: str
    scope_or_note: str
    key: str
    role: Literal["value", "target"]


class Input(msgspec.Struct, frozen=True):
    """An amount behind a published percentage, as people bring it."""

    key: str
    organisation: str
    period: str
    value: str
    excluded: str
    excluded_reason: str
    estimate: str
    note: str


@cache
def sources() -> Mapping[str, Source]:
    """Documents by their short name."""
    return {row["source"]: Source(**row) for row in _rows("sources.csv")}


@cache
def published_figures() -> tuple[PublishedFigure, ...]:
    """Every figure, in the order of the files."""
    belongs = {row["indicator_en"]: row for row in _rows("keys.csv")}
    return tuple(_figure(row, belongs.get(row["indicator_en"])) for name in FIGURE_FILES for row in _rows(name))


def reference_lines(key: str) -> tuple[PublishedFigure, ...]:
    """What others have published of the indicator ``key``."""
    return tuple(figure for figure in published_figures() if figure.key == key)


@cache
def inputs() -> tuple[Input, ...]:
    """The amounts behind some of the figures."""
    return tuple(Input(**row) for row in _rows("inputs.csv"))


def in_japanese(text: str) -> str:
    """A note, a unit or a period of a figure in Japanese; what is written alike in both languages as it stands."""
    return _japanese().get(text, text)


@cache
def _japanese() -> Mapping[str, str]:
    return {row["text"]: row["ja"] for row in _rows("in_japanese.csv")}


def _figure(row: dict[str, str], belongs: Mapping[str, str] | None) -> PublishedFigure:
    told = {name: text for name, text in row.items() if name != "value"}
    role: Literal["value", "target"] = "target" if belongs and belongs["role"] == "target" else "value"
    return PublishedFigure(**told, value=float(row["value"]), key=belongs["key"] if belongs else "", role=role)


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("shigotoba_backend.reference").joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
