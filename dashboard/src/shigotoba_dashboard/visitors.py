"""Who looks, and what that person may see.

Responsible for the one value that pages ask about permissions. Refuses to find out who somebody is (see ``guard``).
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from shigotoba_backend.accounts.people import OF_SECTIONS
from shigotoba_backend.accounts.roles import Action
from shigotoba_backend.indicators.scopes import Scope


@dataclass(frozen=True)
class Visitor:
    """Somebody in front of the page.

    Attributes:
        name: As the page greets the person; empty where nobody signs in.
        person_id: The person's number; None where nobody signs in.
        may: Whether an action is allowed at a site, by its code; None asks about the whole organisation.
        door: Where one signs in, up to the address to come back to; empty where nobody does.
        owns: Whether a section is the person's own.
        used: Notes that the person has done something; what an open page asks by itself keeps no session alive.
    """

    name: str
    person_id: int | None
    may: Callable[[Action, str | None], bool]
    door: str = ""
    owns: Callable[[Scope], bool] = lambda _scope: False
    used: Callable[[], None] = lambda: None

    def sees(self, scope: Scope, site: str) -> bool:
        """Whether figures of that scope are for this person, who looks at ``site``."""
        return scope.kind not in OF_SECTIONS or self.owns(scope) or self.may(Action.SEE_SECTIONS, site)


#: Where nobody signs in, whoever can reach the server sees everything and changes nothing.
EVERYBODY: Final = Visitor("", None, lambda action, _site: action in SEEN_WITHOUT_SIGN_IN)
SEEN_WITHOUT_SIGN_IN: Final = frozenset(
    {Action.SEE_PLACES, Action.SEE_FIGURES, Action.SEE_SECTIONS, Action.EXPORT_FIGURES}
)
#: Where people can sign in, a stranger sees the figures of the whole: those of a section are its own.
SEEN_BEFORE_SIGN_IN: Final = SEEN_WITHOUT_SIGN_IN - {Action.SEE_SECTIONS}

_current: ContextVar[Visitor] = ContextVar("visitor", default=EVERYBODY)


def current_visitor() -> Visitor:
    """Who asks, within a request."""
    return _current.get()


def set_visitor(visitor: Visitor) -> None:
    """Notes who asks, for the rest of the request."""
    _current.set(visitor)
