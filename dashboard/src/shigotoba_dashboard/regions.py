"""Regions of a page that are drawn again only when what they show has changed.

Responsible for comparing and drawing. A region says which part of the answer it looks at; the browser sends back the
digests of what it has, and gets only what differs: no flicker, no lost focus, a few bytes per second. The server
keeps nothing per viewer, so it may be restarted under an open page. Refuses to fetch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec
from dash import no_update

from shigotoba_dashboard.words import Words

View = TypeVar("View")


@dataclass(frozen=True)
class Region(Generic[View]):
    """A part of a page.

    Attributes:
        outputs: Component ids and properties that it fills; the first id is its name.
        look: What of the view it shows; equal looks are drawn once.
        draw: The values for ``outputs``.
    """

    outputs: tuple[tuple[str, str], ...]
    look: Callable[[View], object]
    draw: Callable[[View, Words], tuple[object, ...]]

    @property
    def name(self) -> str:
        """Its first component."""
        return self.outputs[0][0]


@dataclass(frozen=True)
class Painted:
    """What goes back to the browser.

    Attributes:
        values: One per output of all regions, in order.
        seen: Digest by region, for the next time.
    """

    values: list[object]
    seen: dict[str, str]


def text_region(component: str, look: Callable[[View], object], draw: Callable[[View, Words], object]) -> Region[View]:
    """A region that fills the children of one component."""
    return Region(((component, "children"),), look, lambda view, words: (draw(view, words),))


def paint(regions: Sequence[Region[View]], view: View, words: Words, seen: Mapping[str, str]) -> Painted:
    """Draws the regions whose look is not the one in ``seen``."""
    values: list[object] = []
    digests: dict[str, str] = {}
    for region in regions:
        digest = digests[region.name] = _digest(region.look(view))
        same = seen.get(region.name) == digest
        values += unchanged([region]) if same else region.draw(view, words)
    return Painted(values, digests)


def unchanged(regions: Sequence[Region[View]]) -> list[object]:
    """The values that leave ``regions`` as they are."""
    return [no_update for region in regions for _output in region.outputs]


def _digest(look: object) -> str:
    return hashlib.blake2b(msgspec.json.encode(look), digest_size=9).hexdigest()
