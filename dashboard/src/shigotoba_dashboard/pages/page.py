"""What a page is: a question to the database, a drawing of the answer, and the tables it hands out.

Responsible for this shape. Refuses to know any page, or how pages are found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import psycopg

from shigotoba_backend.accounts.roles import Action
from shigotoba_dashboard.changes import Deal
from shigotoba_dashboard.filters import Filters
from shigotoba_dashboard.records import Records

View = TypeVar("View")


@dataclass(frozen=True)
class Lasting(Generic[View]):
    """What of a page no choice of a period changes: it is asked once for all of them.

    Attributes:
        ask: Asks the database.
        add: What was read of a period, with this.
        fresh_for_s: How long one answer serves; longer than somebody looks at one period before choosing the next.
    """

    ask: Callable[[psycopg.Connection, Filters], Any]
    add: Callable[[View, Any], View]
    fresh_for_s: float = 300.0


@dataclass(frozen=True)
class Page(Generic[View]):
    """A page.

    Attributes:
        path: What follows the base path.
        title: A message.
        read: Asks the database.
        lasting: What no period changes; None where the period changes everything.
        draw: The page's contents under its title.
        records: Every table that may be taken home.
        tables: Asks for what those tables hold, on a page whose parts ask for themselves; None where ``read`` knows.
        filters: Which of ``floor``, ``period`` and ``year`` (fiscal) can be chosen.
        with_today: Whether its last weeks are those that end today, as befits a list of what happened.
        more: What else its address may say.
        needs: What the visitor must be allowed.
        takes: What whoever takes a table home must be allowed besides.
        personal: What is read depends on who asks, so that no answer is shared.
        changes: What can be sent to it, by name; see ``changes``.
        menu: Whether the navigation leads to it.
        charted: It begins with charts and is not there at once: a browser gets their library meanwhile.
        fresh_for_s: How long one answer serves everybody who asks the same.
    """

    path: str
    title: str
    read: Callable[[psycopg.Connection, Filters], View]
    draw: Callable[[View, Filters], Sequence[Any]]
    records: Callable[[View, Filters], Sequence[Records]] = lambda _view, _filters: ()
    lasting: Lasting[View] | None = None
    tables: Callable[[psycopg.Connection, Filters], View] | None = None
    filters: frozenset[str] = field(default_factory=frozenset)
    with_today: bool = False
    more: frozenset[str] = field(default_factory=frozenset)
    needs: Action = Action.SEE_FIGURES
    takes: Action = Action.EXPORT_FIGURES
    personal: bool = False
    changes: Mapping[str, Deal] = field(default_factory=dict[str, Deal])
    menu: bool = True
    charted: bool = False
    fresh_for_s: float = 10.0


def nothing(_conn: psycopg.Connection, _filters: Filters) -> None:
    """For pages whose parts ask for themselves."""
