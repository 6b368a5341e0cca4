"""What each role allows: one table of role and action, and where a grant applies.

Responsible for the table and for inheritance: a grant without a site applies at every site of its organisation.
Refuses to know people, requests or the database.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final


class Action(enum.Enum):
    """Something a person may be allowed to do at a site."""

    SEE_PLACES = "see_places"
    BOOK = "book"
    SHARE_WHEREABOUTS = "share_whereabouts"
    ANSWER_SURVEYS = "answer_surveys"
    SEE_FIGURES = "see_figures"
    SEE_SECTIONS = "see_sections"
    EXPORT_FIGURES = "export_figures"
    IMPORT_FIGURES = "import_figures"
    MANAGE_PLANS = "manage_plans"
    MANAGE_BOOKINGS = "manage_bookings"
    CLOSE_PLACES = "close_places"
    PRINT_SHEETS = "print_sheets"
    LOOK_UP_PEOPLE = "look_up_people"
    MANAGE_SITE = "manage_site"
    MANAGE_GATEWAYS = "manage_gateways"
    MANAGE_WEBHOOKS = "manage_webhooks"
    MANAGE_PEOPLE = "manage_people"
    GRANT_SITE_ROLES = "grant_site_roles"
    GRANT_ORGANISATION_ROLES = "grant_organisation_roles"
    READ_AUDIT = "read_audit"


class Role(enum.Enum):
    """A role as it is stored."""

    STAFF = "staff"
    DEPARTMENT = "department"
    FACILITY = "facility"
    SITE_ADMIN = "site_admin"
    ORGANISATION_ADMIN = "organisation_admin"
    AUDITOR = "auditor"
    EXECUTIVE = "executive"


_STAFF: Final = frozenset({Action.SEE_PLACES, Action.BOOK, Action.SHARE_WHEREABOUTS, Action.ANSWER_SURVEYS})
_FACILITY: Final = _STAFF | {
    Action.SEE_FIGURES,
    Action.SEE_SECTIONS,
    Action.EXPORT_FIGURES,
    Action.IMPORT_FIGURES,
    Action.MANAGE_PLANS,
    Action.MANAGE_BOOKINGS,
    Action.CLOSE_PLACES,
    Action.PRINT_SHEETS,
    Action.LOOK_UP_PEOPLE,
}
_SITE_ADMIN: Final = _FACILITY | {
    Action.MANAGE_SITE,
    Action.MANAGE_GATEWAYS,
    Action.MANAGE_WEBHOOKS,
    Action.MANAGE_PEOPLE,
    Action.GRANT_SITE_ROLES,
}

ALLOWED: Final[Mapping[Role, frozenset[Action]]] = {
    Role.STAFF: _STAFF,
    Role.DEPARTMENT: _STAFF | {Action.SEE_FIGURES},
    Role.FACILITY: _FACILITY,
    Role.SITE_ADMIN: _SITE_ADMIN,
    Role.ORGANISATION_ADMIN: _SITE_ADMIN | {Action.GRANT_ORGANISATION_ROLES},
    Role.AUDITOR: frozenset({Action.SEE_PLACES, Action.SEE_FIGURES, Action.SEE_SECTIONS, Action.READ_AUDIT}),
    Role.EXECUTIVE: frozenset({Action.SEE_PLACES, Action.SEE_FIGURES}),
}
"""Role by role, everything it allows. What is not here is refused.

Figures of one section are for who may see those of every section, and for whoever belongs to it."""

TRAVELLING: Final = frozenset({Action.SEE_PLACES, Action.BOOK})
"""On a business trip a person keeps these at every site of the organisation; a site's booking policy may refuse."""

POWERFUL: Final = frozenset(Role) - {Role.STAFF, Role.DEPARTMENT, Role.EXECUTIVE}
"""Roles whose sessions are short."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role and where it applies.

    Attributes:
        role: Which.
        site: A site's code; None for every site of the person's organisation.
    """

    role: Role
    site: str | None = None


def allows(grants: Iterable[Grant], action: Action, site: str | None) -> bool:
    """Whether ``grants`` allow ``action`` at ``site``, a site of the same organisation.

    Without a site the question is about the organisation as a whole, and only a grant for all of it will do.
    """
    return any(action in ALLOWED[grant.role] and _reaches(grant, action, site) for grant in grants)


def _reaches(grant: Grant, action: Action, site: str | None) -> bool:
    return grant.site is None or grant.site == site or (site is not None and action in TRAVELLING)
