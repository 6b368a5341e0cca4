"""Every page of the house, in the order of the menu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shigotoba_dashboard.pages import (
    audit,
    booths,
    data,
    devices,
    effects,
    floor_plan,
    initiative,
    overview,
    paper,
    seats,
    settings,
    today,
)
from shigotoba_dashboard.pages.behind import device, space
from shigotoba_dashboard.pages.page import Page

_ALL: Final[tuple[Page[Any], ...]] = (
    overview.PAGE,
    today.PAGE,
    paper.PAGE,
    booths.PAGE,
    seats.PAGE,
    effects.PAGE,
    devices.PAGE,
    data.PAGE,
    initiative.PAGE,
    space.PAGE,
    device.PAGE,
    settings.PAGE,
    audit.PAGE,
    floor_plan.PAGE,
)
PAGES: Final[Mapping[str, Page[Any]]] = {page.path: page for page in _ALL}
