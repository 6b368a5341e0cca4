"""The datasets' layouts from ``layouts.toml``: every column with its meaning, every code with its name.

Names of points follow the Brick schema: its own classes where it has them, elsewhere classes that extend it, under the
prefix ``shigotoba``. Responsible for putting the file together with the registry. Refuses rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

import msgspec

from shigotoba_backend.exports.dictionary import Code, Column, Kind, Layout, Role
from shigotoba_backend.imports.catalogue import SERIES
from shigotoba_backend.indicators.registry import REGISTRY
from shigotoba_backend.plans.cards import STATUS_NAMES


class _Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: Kind
    role: Role
    title: str
    title_en: str
    meaning: str
    meaning_en: str
    unit: str = ""
    codes: str = ""
    region: bool = False


class _Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    title: str
    title_en: str
    version: int
    history: tuple[str, ...]
    columns: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    layout: tuple[_Layout, ...]
    column: dict[str, _Column]
    codes: dict[str, tuple[Code, ...]]


def _layouts() -> Mapping[str, Layout]:
    text = files("shigotoba_backend.exports").joinpath("layouts.toml").read_bytes()
    told = msgspec.toml.decode(text, type=_File)
    codes = told.codes | {
        "indicators": tuple(Code(each.key, each.name, each.name_en) for each in REGISTRY.values()),
        "series": tuple(Code(each.key, each.name, each.name_en) for each in SERIES.values()),
        "statuses": tuple(Code(key, name, key.replace("_", " ").capitalize()) for key, name in STATUS_NAMES.items()),
    }
    return {each.name: _layout(each, told.column, codes) for each in told.layout}


def _layout(told: _Layout, columns: Mapping[str, _Column], codes: Mapping[str, tuple[Code, ...]]) -> Layout:
    chosen = ((name, columns.get(f"{told.name}.{name}") or columns[name]) for name in told.columns)
    made = tuple(_column(name, column, codes) for name, column in chosen)
    return Layout(told.name, told.title, told.title_en, told.version, told.history, made)


def _column(name: str, told: _Column, codes: Mapping[str, tuple[Code, ...]]) -> Column:
    rest: dict[str, Any] = msgspec.structs.asdict(told) | {"codes": codes[told.codes] if told.codes else ()}
    return Column(name, **rest)


LAYOUTS: Final = _layouts()
"""By the name of the dataset."""
