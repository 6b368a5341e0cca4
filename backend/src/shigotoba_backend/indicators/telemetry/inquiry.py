"""One inquiry into telemetry: some places, the same stretches of days, each source asked once.

Ten indicators of bookings come from the same rows, and a hundred sections differ in nothing but their number. So an
indicator says which source it needs; whoever needs it first has it asked for all places, the others find it known.

Responsible for asking and remembering. Refuses to know what is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import psycopg

from shigotoba_backend.indicators.model import Amount
from shigotoba_backend.indicators.places import Place
from shigotoba_backend.indicators.scopes import Scope
from shigotoba_backend.indicators.telemetry.stretches import Stretch, joined
from shigotoba_backend.indicators.withheld import Withheld, together, withheld

Row = TypeVar("Row")
Given = ParamSpec("Given")

OfOne = Callable[Concatenate[psycopg.Connection, Place, Sequence[Stretch], datetime, Given], list[Row]]
OfAll = Callable[Concatenate[psycopg.Connection, Sequence[Place], Sequence[Stretch], datetime, Given], list[list[Row]]]
"""What a source looks like: rows of each place, in the order of the places."""


class Inquiry:
    """What telemetry says of some places in the same stretches, up to ``now``."""

    def __init__(
        self, conn: psycopg.Connection, places: Sequence[Place], stretches: Sequence[Stretch], now: datetime
    ) -> None:
        self._conn = conn
        self._now = now
        self._known: dict[Hashable, dict[Scope, list[Any]]] = {}
        self.places = places
        self.stretches = stretches

    @cached_property
    def withheld(self) -> Withheld:
        """What of the seats is not told in the stretches, whoever of the places is asked about."""
        sites = {site for place in self.places for site in place.sites}
        return together(withheld(self._conn, sites, *each) for each in joined(self.stretches))

    def rows(self, source: Callable[..., list[list[Row]]], place: Place, *given: Hashable) -> list[Row]:
        """What ``source`` says of one of the places; ``given`` is what it needs to be told besides."""
        asked = (source, given)
        if asked not in self._known:
            rows = source(self._conn, self.places, self.stretches, self._now, *given)
            self._known[asked] = {each.scope: told for each, told in zip(self.places, rows, strict=True)}
        return self._known[asked][place.scope]


Series = Callable[[Inquiry, Place], list[Amount]]
"""How an indicator is made of what sources say: an amount for each stretch."""


def place_by_place(source: OfOne[Given, Row]) -> OfAll[Given, Row]:
    """A source whose statement takes one place at a time."""

    @wraps(source)
    def of_all(
        conn: psycopg.Connection,
        places: Sequence[Place],
        stretches: Sequence[Stretch],
        now: datetime,
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> list[list[Row]]:
        return [source(conn, place, stretches, now, *args, **kwargs) for place in places]

    return of_all
