"""Every indicator there is: those that telemetry feeds and those that people bring figures for.

Responsible for finding one by its key. Refuses values.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

import msgspec

from shigotoba_backend.imports.catalogue import IMPORTED
from shigotoba_backend.indicators.model import Indicator


class UnknownIndicatorError(LookupError):
    """There is no indicator of that key; the message says where they are listed."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    indicator: tuple[dict[str, object], ...]


def _told() -> tuple[Indicator, ...]:
    text = files("shigotoba_backend.indicators").joinpath("telemetry.toml").read_bytes()
    rows = msgspec.toml.decode(text, type=_File).indicator
    return tuple(msgspec.convert(row | {"source": "telemetry"}, Indicator) for row in rows)


TELEMETRY: Final[tuple[Indicator, ...]] = _told()
"""Those that need nobody to bring anything, in the order in which they are shown."""

REGISTRY: Final[Mapping[str, Indicator]] = {each.key: each for each in (*TELEMETRY, *IMPORTED)}


def indicator(key: str) -> Indicator:
    """The indicator ``key``.

    Raises:
        UnknownIndicatorError: There is none.
    """
    try:
        return REGISTRY[key]
    except KeyError:
        raise UnknownIndicatorError(
            f"There is no indicator “{key}”. docs/indicators.md lists those there are."
        ) from None
