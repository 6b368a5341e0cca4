"""What a person changes through a page: who may, what was sent, and what is answered.

A page lists its changes by name; a form sends one to ``changes/<page>/<name>``. Each is a function of the backend with
its own entry in the audit log, called in one transaction. Responsible for this shape and for the answer's words.
Refuses to change anything itself, and to draw forms (see ``forms``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import psycopg

from shigotoba_backend.accounts.audit import Actor
from shigotoba_backend.accounts.roles import Action

if TYPE_CHECKING:
    from shigotoba_dashboard.filters import Filters


class ChangeRefusedError(Exception):
    """It cannot be done like that; the message says why and what to do, in the person's language."""


@dataclass(frozen=True)
class Change:
    """What somebody sent.

    Attributes:
        filters: Of the page it was sent from: site, language, present, visitor.
        fields: What was typed and chosen, by name.
        files: Contents of the files that came along, by name.
        request_id: To find it again in the log.
    """

    filters: Filters
    fields: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    request_id: str = ""

    @property
    def site(self) -> str:
        """Code of the site."""
        return self.filters.site

    @property
    def at(self) -> datetime:
        """The present, aware."""
        return self.filters.at

    @property
    def actor(self) -> Actor:
        """Whoever sent it, for the audit log."""
        return actor_of(self.filters.visitor.person_id, self.request_id)

    def say(self, message: str, **values: str | int) -> str:
        """A message in the person's language."""
        return self.filters.words.say(message, **values)

    def get(self, name: str) -> str:
        """What was typed under ``name``, without spaces around it; empty when nothing was."""
        return self.fields.get(name, "").strip()


@dataclass(frozen=True)
class Done:
    """What is answered.

    Attributes:
        told: What has been done, for the person.
        address: Where to go on; None stays on the page and draws it anew.
    """

    told: str
    address: str | None = None


@dataclass(frozen=True)
class Deal:
    """A change that can be asked for.

    Attributes:
        needs: What the visitor must be allowed at the site.
        do: Does it and says what was done.
    """

    needs: Action
    do: Callable[[psycopg.Connection, Change], Done]


def actor_of(person_id: int | None, request_id: str = "") -> Actor:
    """Who did something here, for the audit log."""
    return Actor("nobody" if person_id is None else "person", person_id, request_id)
